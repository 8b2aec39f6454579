// Passkeys on the plain pages. Each button asks the server what is needed, then the device, and
// sends the device's answer to the server, which says where to go next or why not.

class Refusal extends Error {}

// A passkey is bound to a name, so there are none at a number such as 127.0.0.1 or [::1].
const isNumber = /^[\d.]+$|:/.test(location.hostname);
const works = window.PublicKeyCredential !== undefined && !isNumber;
const status = document.getElementById("passkey-status");
// The page brings all that is said here, in its own language; see passkey_status.html.
const words = status.dataset;

function toBytes(text) {
  const signs = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(signs, (sign) => sign.charCodeAt(0));
}

function toText(buffer) {
  const signs = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte));
  return btoa(signs.join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function named(list = []) {
  return list.map((each) => ({ ...each, id: toBytes(each.id) }));
}

// The parts of a device's answer are bytes, which are sent as text.
function answerOf({ id, rawId, type, response }, parts) {
  const told = parts.filter((part) => response[part]);
  const pairs = told.map((part) => [part, toText(response[part])]);
  return { id, type, rawId: toText(rawId), response: Object.fromEntries(pairs) };
}

async function use(asked) {
  const publicKey = {
    ...asked,
    challenge: toBytes(asked.challenge),
    allowCredentials: named(asked.allowCredentials),
  };
  const used = await navigator.credentials.get({ publicKey });
  return answerOf(used, ["clientDataJSON", "authenticatorData", "signature", "userHandle"]);
}

async function make(asked) {
  const publicKey = {
    ...asked,
    challenge: toBytes(asked.challenge),
    user: { ...asked.user, id: toBytes(asked.user.id) },
    excludeCredentials: named(asked.excludeCredentials),
  };
  const made = await navigator.credentials.create({ publicKey });
  return answerOf(made, ["clientDataJSON", "attestationObject"]);
}

async function send(path, body) {
  const headers = { "Content-Type": "application/json" };
  const settings = { method: "POST", headers, body: JSON.stringify(body) };
  const answer = await fetch(path, settings).catch(() => {
    throw new Refusal(words.offline);
  });
  if (answer.ok) return answer.json();
  const isSentence = answer.headers.get("Content-Type")?.startsWith("text/plain");
  throw new Refusal(isSentence ? await answer.text() : words.tryAgain);
}

function say(text, isError = false) {
  status.className = isError ? "error" : "note";
  status.textContent = text;
  // On a phone, the button may stand far below.
  status.scrollIntoView({ block: "nearest" });
}

// What was typed into the fields that a button names; null when one has to be filled in first.
function typedFor(button) {
  const names = (button.dataset.fields ?? "").split(" ").filter((name) => name);
  const fields = names.map((name) => button.form.elements[name]).filter((field) => field);
  if (!fields.every((field) => field.reportValidity())) return null;
  return Object.fromEntries(fields.map((field) => [field.name, field.value]));
}

async function run(button) {
  const typed = typedFor(button);
  if (typed === null) return;
  const path = button.dataset.passkey;
  const body = { ...typed, passkey: button.dataset.key };
  say(words.moment);
  const asked = await send(`${path}/options`, body);
  if (asked.use && asked.make) say(words.useFirst);
  else if (asked.use || asked.make) say(words.follow);
  if (asked.use) body.used = await use(asked.use);
  if (asked.make) body.made = await make(asked.make);
  say(words.moment);
  const { next } = await send(path, body);
  location.assign(next);
}

let isBusy = false;

function setBusy(button, isOn) {
  isBusy = isOn;
  // Not disabled: the focus would be lost.
  button.setAttribute("aria-disabled", String(isOn));
}

// What a browser calls its refusals, in words that say what to do.
function wordsFor(error) {
  const name = error.name.charAt(0).toLowerCase() + error.name.slice(1);
  return words[name] ?? words.tryAgain;
}

async function press(event) {
  event.preventDefault();
  if (isBusy) return;
  const button = event.currentTarget;
  setBusy(button, true);
  try {
    await run(button);
  } catch (error) {
    say(error instanceof Refusal ? error.message : wordsFor(error), true);
  } finally {
    setBusy(button, false);
  }
}

for (const each of document.querySelectorAll("[data-with]")) {
  each.hidden = each.dataset.with === "passkeys" && !works;
}
for (const each of document.querySelectorAll("[data-without]")) each.hidden = works;
for (const each of document.querySelectorAll("[data-passkey]")) {
  each.addEventListener("click", press);
}
