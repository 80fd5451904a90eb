"""The JSON API, described at /api/openapi.json. Must not know: how a merge is made, or the database written."""
