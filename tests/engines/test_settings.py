"""Engine settings: read from names and words, checked, keys kept out of sight."""

from __future__ import annotations

import pytest

from applyweb.engines.settings import EngineSettings, SettingsError


def test_settings_come_from_variables_named_after_the_fields() -> None:
    settings = EngineSettings.from_env(
        {
            "APPLYWEB_SGLANG_URL": "http://gpu:30000/",
            "APPLYWEB_OPENAI_URL": "http://other/v1",
            "APPLYWEB_OPENAI_MODEL": "coder",
            "APPLYWEB_OPENAI_API_KEY": "secret",
            "APPLYWEB_RETRIES": "5",
            "APPLYWEB_STALL_TIMEOUT": "1.5",
            "HOME": "/nowhere",
        }
    )
    assert settings == EngineSettings(
        sglang_url="http://gpu:30000",
        openai_url="http://other/v1",
        openai_model="coder",
        openai_api_key="secret",
        retries=5,
        stall_timeout=1.5,
    )


def test_settings_treat_empty_variables_as_unset() -> None:
    assert EngineSettings.from_env({"APPLYWEB_SGLANG_URL": " ", "APPLYWEB_RETRIES": ""}) == EngineSettings()


def test_settings_complete_an_address_without_scheme() -> None:
    assert EngineSettings(sglang_url="127.0.0.1:30000").sglang_url == "http://127.0.0.1:30000"


def test_settings_leave_the_choice_of_a_process_to_the_caller() -> None:
    assert EngineSettings.from_env({"APPLYWEB_MERGE_IN_PROCESS": "1"}) == EngineSettings()


@pytest.mark.parametrize("word", ["soon", "-1", "nan", "inf"])
def test_settings_refuse_what_is_no_usable_number_and_name_the_variable(word: str) -> None:
    with pytest.raises(SettingsError, match="APPLYWEB_STALL_TIMEOUT"):
        EngineSettings.from_env({"APPLYWEB_STALL_TIMEOUT": word})


def test_settings_never_show_their_keys() -> None:
    shown = repr(EngineSettings(sglang_api_key="hidden-one", openai_api_key="hidden-two"))
    assert "hidden" not in shown
