import assert from "node:assert/strict";
import { test } from "node:test";

import { listed } from "../../static/js/review/people.js";

test("names are listed as people say them", () => {
  assert.equal(listed([]), "");
  assert.equal(listed(["Ada"]), "Ada");
  assert.equal(listed(["Ada", "Bo"]), "Ada and Bo");
  assert.equal(listed(["Ada", "Bo", "Cy"]), "Ada, Bo and Cy");
  assert.equal(listed(["Ada", "Bo"], 3), "Ada, Bo and 3 more");
});
