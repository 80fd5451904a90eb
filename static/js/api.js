// Calls to the JSON API. A failure is always an ApiError with words for people.

export class ApiError extends Error {
  // status is 0 where the server gave no answer at all
  constructor(message, { status = 0, code = "unreachable", field = "" } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = field;
  }
}

export async function call(method, path, body) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await reach(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  return response.json();
}

export async function getText(path) {
  // Not response.text(): that drops a byte-order mark, and a result is taken byte for byte.
  const response = await reach(path, { headers: { Accept: "text/plain, text/html" } });
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await response.arrayBuffer());
}

// An answer in HTML to what is too large for an address. Nothing is changed by it.
export async function postForText(path, body) {
  const headers = { Accept: "text/html", "X-CSRFToken": csrfToken(), "Content-Type": "application/json" };
  return (await reach(path, { method: "POST", headers, body: JSON.stringify(body) })).text();
}

async function reach(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...options });
  } catch {
    throw new ApiError("The server does not answer. Is it still running? Nothing was changed; try again.");
  }
  if (!response.ok) throw await refusal(response);
  if (response.redirected && new URL(response.url).pathname.startsWith("/sign-in")) {
    throw signedOut();
  }
  return response;
}

async function refusal(response) {
  const { status } = response;
  if (status === 401) return signedOut();
  const type = response.headers.get("Content-Type") ?? "";
  const error = type.includes("json") ? (await response.json()).error : undefined;
  if (error) return new ApiError(error.message, { status, code: error.code, field: error.field ?? "" });
  return new ApiError(`The server answered with status ${status}. Reload the page and try again.`, { status, code: "http" });
}

function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

function signedOut() {
  const words = "You are signed out. Open a sign-in link from the terminal in another tab, then try again.";
  return new ApiError(words, { status: 401, code: "unauthorized" });
}
