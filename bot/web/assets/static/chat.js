// Makes the page live. It works without this file too: forms are sent and the
// page is loaded anew.
"use strict";

(function () {
  const log = document.getElementById("log");
  const scroll = document.getElementById("scroll");
  const banner = document.getElementById("banner");
  const problem = document.getElementById("problem");
  const composer = document.getElementById("composer");
  const text = document.getElementById("say");
  const clock = document.getElementById("clock");
  const draft = "draft " + document.body.dataset.here;
  let change = Number(document.body.dataset.change);

  // --- Messages ---

  // keep carries focus, and what has been filled in, from an element to the one
  // that takes its place.
  function keep(from, to) {
    for (const field of from.querySelectorAll("input:not([type=hidden]), textarea, select")) {
      const next = field.id && to.querySelector("#" + CSS.escape(field.id));
      if (next && field.value !== field.defaultValue && field.tagName === next.tagName) next.value = field.value;
    }
  }

  function refocus(active, within) {
    if (!active) return;
    const same = active.id
      ? document.getElementById(active.id)
      : Array.from(within.querySelectorAll("button")).find((b) => b.name === active.name && b.value === active.value);
    (same || within).focus({ preventScroll: true });
  }

  function show(message) {
    const holder = document.createElement("template");
    holder.innerHTML = message.html; // drawn and escaped by the server
    const article = holder.content.firstElementChild;
    const old = document.getElementById(article.id);
    if (old) {
      const active = old.contains(document.activeElement) ? document.activeElement : null;
      keep(old, article);
      old.replaceWith(article);
      refocus(active, article);
      return;
    }
    const all = Array.from(log.children);
    const next = all.find((other) => Number(other.dataset.id) > message.id);
    // What is older than all that the page has is on an earlier page.
    if (next && next === all[0]) return;
    const atEnd = Math.abs(scroll.scrollTop) < 80;
    log.insertBefore(article, next || null);
    const empty = document.getElementById("empty");
    if (empty) empty.remove();
    if (atEnd || article.classList.contains("mine")) scroll.scrollTop = 0;
  }

  function tick(now) {
    const time = document.getElementById("clock-time");
    time.dateTime = now.iso;
    time.textContent = now.text;
    const moves = document.getElementById("clock-moves");
    const moved = now.moved !== clock.dataset.moved;
    const active = moves.contains(document.activeElement) ? document.activeElement : null;
    if (moved || !active) {
      moves.innerHTML = now.html;
      if (active) refocus(active, document.getElementById("clock-hour"));
    }
    if (moved) {
      clock.dataset.moved = now.moved;
      clock.querySelector(".drawer-label").textContent = now.moved === "0s" ? "Clock" : "Clock, moved";
      say("The clock shows " + now.text + ".", true);
    }
  }

  // --- The connection ---

  let wait = 0;
  let hush = 0;
  let source = null;

  function say(what, passing) {
    clearTimeout(hush);
    banner.textContent = what;
    banner.classList.toggle("passing", Boolean(passing));
    if (passing) hush = setTimeout(() => { banner.textContent = ""; }, 6000);
  }

  function connect() {
    source = new EventSource(document.body.dataset.events + "&after=" + change);
    source.addEventListener("open", () => {
      wait = 0;
      document.body.dataset.live = "yes";
      if (!banner.classList.contains("passing")) say("");
    });
    source.addEventListener("message", (event) => {
      change = Math.max(change, Number(event.lastEventId));
      show(JSON.parse(event.data));
    });
    source.addEventListener("clock", (event) => tick(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      source.close();
      document.body.dataset.live = "no";
      say("Tandem has stopped; trying again");
      wait = Math.min(wait + 500, 5000);
      setTimeout(connect, wait);
    });
  }

  // --- Forms ---

  async function send(form, button) {
    const data = new FormData(form);
    if (button && button.name) data.append(button.name, button.value);
    problem.textContent = "";
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
      const said = await answer.json();
      if (!answer.ok) throw new Error(said.error);
      for (const nonce of form.querySelectorAll("input[name=nonce]")) nonce.value = said.nonce;
      return true;
    } catch (err) {
      const lost = err instanceof TypeError || err instanceof SyntaxError;
      problem.textContent = lost ? "Tandem can’t be reached. What you wrote is still here; send it again when it is back." : err.message;
      return false;
    } finally {
      form.removeAttribute("aria-busy");
    }
  }

  // A second press of the same button is one press; another button waits.
  const sending = new Map();

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const button = event.submitter;
    if (form.method !== "post") return;
    event.preventDefault();
    const before = sending.get(form);
    if (before && before.button === button) return;
    if (form !== composer) {
      const done = (before ? before.done : Promise.resolve()).then(() => send(form, button));
      const mine = { button, done };
      sending.set(form, mine);
      await done;
      if (sending.get(form) === mine) sending.delete(form);
      return;
    }
    if (form.getAttribute("aria-busy")) return;
    const sent = text.value;
    if (!sent.trim()) return;
    if (await send(form, event.submitter)) {
      if (text.value === sent) text.value = "";
      sessionStorage.removeItem(draft);
    }
    text.focus();
  });

  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    composer.requestSubmit();
  });

  text.addEventListener("input", () => sessionStorage.setItem(draft, text.value));
  if (!text.value) text.value = sessionStorage.getItem(draft) || "";
  document.getElementById("keys").hidden = false;

  // One drawer is open at a time; Escape closes it.
  const drawers = Array.from(document.querySelectorAll("details.drawer"));
  for (const drawer of drawers) {
    drawer.addEventListener("toggle", () => {
      if (drawer.open) for (const other of drawers) if (other !== drawer) other.open = false;
    });
    drawer.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      drawer.open = false;
      drawer.querySelector("summary").focus();
    });
  }

  connect();
})();
