// The page: what the server tells becomes two infants, what a teacher does becomes messages.

import { changesTo, remember, rememberInfants } from "./address.js";
import { Body } from "./body.js";
import { drawChart } from "./chart.js";
import { between, PER_FRAME, unpack } from "./frames.js";
import { Gate } from "./gate.js";
import { Lecture } from "./lecture.js";
import { fill, Pane } from "./pane.js";
import { Replay } from "./replay.js";
import { embeddedFilm, filmSource, socketSource } from "./source.js";
import { Stage } from "./stage.js";
import { Takes } from "./takes.js";
import { TONES } from "./tones.js";
import { number, speak, t } from "./words.js";

const WHO = ["a", "b"];
const SHIRTS = { a: "#4f9fd0", b: "#e08a4a" };
const LINES = { a: "#0072b2", b: "#b34700" };
const ARROWS = { // how the room's directions are seen from each camera
  1: { forward: "↘", backward: "↖", left: "↗", right: "↙" },
  2: { forward: "→", backward: "←", left: "↑", right: "↓" },
  3: { forward: "↓", backward: "↑", left: "→", right: "←" },
};
const ROUND = "←↖↙↑↓↗↘→";
const PUSH_M_S = 0.3;
const find = (id) => document.getElementById(id);

const page = {
  whom: "both", choices: null, setup: null, frame: null, before: null, arrived: 0, isDriving: true,
  who: [], panes: {}, bodies: {}, lines: LINES, pushed: [], isPushed: false, tone: "1",
};
const isFilm = Boolean(find("film"));
const takes = new Takes();
const source = { send() {} };
const act = (message) => page.isDriving && !gate.isLocked && source.send(message);
let lecture = null;
let replay = null;
const stage = new Stage(find("canvas"), () => (page.isNew = true));
const gate = new Gate((message) => act(message));
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

// A pane for each infant, in place of those before.
function seat(who) {
  for (const pane of Object.values(page.panes)) pane.root.remove();
  Object.assign(page, { who, bodies: {}, frame: null });
  page.panes = Object.fromEntries(who.map((one) => [one, new Pane(one, act)]));
  find("notice").before(...who.map((one) => page.panes[one].root));
  stage.seat(Object.fromEntries(who.map((one) => [one, page.panes[one].view])));
  takes.forget();
  choose("both");
}

// What the server tells.

function welcome(message) {
  page.choices = message.choices;
  page.isDriving = message.role === "teacher";
  document.body.classList.toggle("follows", !page.isDriving);
  offer();
  if (page.isDriving && still && !isFilm) act({ type: "pause", paused: true });
}

// How time passes is told of everything, infants that can be chosen only of some.
function setup(message) {
  page.setup = message;
  press("[data-speed]", (one) => Number(one.dataset.speed) === message.speed);
  find("pause").setAttribute("aria-pressed", message.paused);
  find("pause").dataset.sign = message.paused ? "▶" : "❚❚";
  if (message.infants) showChosen(message);
}

function showChosen(message) {
  for (const who of page.who) page.panes[who].show(message.infants[who]);
  find("exercise").value = message.infants.a.exercise;
  find("firmness").value = message.infants.a.firmness;
  find("difference").textContent = difference(message.infants);
  find("notice").textContent = message.building.length ? t("building") : "";
  offerSites();
  if (page.isDriving && !isFilm && !gate.lesson) restore(message.infants);
}

// Once: the infants of the address; from then on the address of the infants.
function restore(infants) {
  const changes = page.isRestored ? [] : changesTo(infants);
  page.isRestored = true;
  changes.forEach(act);
  if (!changes.length) rememberInfants(infants);
}

function scene(message) {
  const { infant: who } = message;
  dress(who, message);
  page.panes[who].place(message);
}

function dress(who, scene) {
  const shirt = replay ? scene.colours.shirt : SHIRTS[who]; // of its arm in a study
  const body = new Body(scene, { shirt, ...TONES[page.tone] });
  page.bodies[who] = body;
  stage.put(who, body);
}

function frame(message) {
  const poses = unpacked(message);
  if (page.frame?.take !== message.take) {
    page.pushed = [];
    page.before = null;
  } else {
    page.before = page.frame.unpacked;
  }
  see(message, poses);
  page.frame = { ...message, unpacked: poses };
  page.arrived = performance.now();
  page.isNew = true;
  tell();
  gate.see(message);
}

const unpacked = (message) =>
  Object.fromEntries(page.who.map((who) => [who, unpack(message.infants[who].poses)]));

// What was skipped counts as seen too.
function see(message, poses = unpacked(message)) {
  takes.add(message, poses);
  notePush(message.time_s, poses);
}

// In words and numbers, in the language of the page.
function tell() {
  const { infants, time_s: time, sentence } = page.frame;
  for (const who of page.who) page.panes[who].tell(infants[who], time);
  say(sentence);
  replay?.tell(page.frame);
}

function refused(message) {
  find("notice").textContent = message.problems.join("; ");
  setTimeout(() => (find("notice").textContent = ""), 4000);
}

// When pushes began; what is gone back over will be seen again.
function notePush(time, poses) {
  const isShown = (who) => {
    const index = page.bodies[who]?.scene.frames.indexOf("push") ?? -1;
    return index >= 0 && !Number.isNaN(poses[who][index * PER_FRAME]);
  };
  const isPushed = page.who.some(isShown);
  page.pushed = page.pushed.filter((at) => at < time);
  if (isPushed && !page.isPushed) page.pushed.push(time);
  page.isPushed = isPushed;
}

// Words.

function offer() {
  const { exercises } = page.choices;
  fill(find("exercise"), exercises.map((one) => [one.name, t(`exercise.${one.name}`, {}, one.title)]));
  for (const who of page.who) page.panes[who].offer(page.choices);
  find("role").hidden = page.isDriving;
  find("role").textContent = t("follows");
}

// Sites that the exercises of both know, from head to feet.
function offerSites() {
  const exercise = page.choices.exercises.find((one) => one.name === page.setup.infants.a.exercise);
  const known = page.choices.sites.filter((one) => exercise.supports.includes(one.name));
  const row = find("sites");
  const names = known.map((one) => one.name).join();
  if (row.dataset.names !== names + document.documentElement.lang) {
    row.dataset.names = names + document.documentElement.lang;
    row.replaceChildren(row.firstElementChild, ...known.map((one) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: t(`site.${one.name}`, {}, one.title) });
      button.dataset.site = one.name;
      button.onclick = () => hold(one.name);
      return button;
    }));
  }
  const chosen = whom().map((who) => page.setup.infants[who].site);
  press("#sites button", (one) => chosen.every((site) => site === one.dataset.site));
}

function difference(infants) {
  const names = ["controller", "condition", "severity", "age_months", "site", "firmness"];
  const other = names.filter((name) => infants.a[name] !== infants.b[name]);
  const told = other.filter((name) => name !== "severity" || infants.a.condition !== "typical");
  if (told.length === 0) return t("difference.none");
  if (told.length > 1) return t("difference.many", { n: told.length });
  const [name] = told;
  const word = (who) => {
    const value = infants[who][name];
    if (name === "site") return t(`site.${value}`);
    if (name === "condition" || name === "controller") return t(`${name}.${value}`);
    if (name === "age_months") return t("months", { n: number(value) });
    return `${number(100 * value)} %`;
  };
  return `${word("a")}  ⇄  ${word("b")}`;
}

let said = "";
function say(sentence) {
  const gaps = Object.fromEntries(
    Object.entries(sentence.numbers).map(([name, value]) => [name, number(value, Number.isInteger(value) ? 0 : 1)]),
  );
  const text = t(`sentence.${sentence.key}`, { ...gaps, who: (sentence.infant ?? "").toUpperCase() });
  if (text !== said) find("sentence").textContent = said = text;
}

// What a teacher does.

const whom = () => (page.whom === "both" ? page.who : [page.whom]);

function choose(who) {
  page.whom = who;
  press("[data-whom]", (one) => one.dataset.whom === who);
  for (const one of page.who) page.panes[one].root.classList.toggle("chosen", who === one);
  if (page.setup?.infants) offerSites();
}

function press(selector, isPressed) {
  for (const one of document.querySelectorAll(selector)) one.setAttribute("aria-pressed", isPressed(one));
}

function hold(site) {
  const firmness = Number(find("firmness").value);
  act(site === "none" ? { type: "let_go", infant: page.whom } : { type: "hold", infant: page.whom, site, firmness });
  for (const who of whom()) page.panes[who].expect(site);
}

// Hands one site further towards head or feet, each infant's from where they are.
function moveHands(step) {
  if (isFilm) return;
  const exercise = page.choices.exercises.find((one) => one.name === page.setup.infants.a.exercise);
  const order = page.choices.sites.map((one) => one.name).filter((one) => exercise.supports.includes(one));
  for (const who of whom()) {
    const next = order[order.indexOf(page.panes[who].held) + step];
    if (next) page.panes[who].hold(next);
  }
}

const push = (direction) => act({ type: "push", infant: page.whom, direction, speed_m_s: PUSH_M_S });
const pause = () => act({ type: "pause", paused: !page.setup?.paused });
const again = () => act({ type: "reset" });
const letGo = () => hold("none");
const speed = (value) => act({ type: "speed", speed: value });

function look(camera) {
  stage.look(camera);
  page.isNew = true;
  press("[data-camera]", (one) => Number(one.dataset.camera) === camera);
  for (const one of document.querySelectorAll("[data-push]")) {
    one.dataset.sign = ARROWS[camera][one.dataset.push];
    one.style.order = ROUND.indexOf(one.dataset.sign);
  }
  remember({ camera });
}

function tint(tone) {
  page.tone = find("tone").value = TONES[tone] ? String(tone) : "1";
  page.isNew = true;
  for (const who of page.who) if (page.bodies[who]) dress(who, page.bodies[who].scene);
  if (page.bodies.a) remember({ tone: page.tone });
}

const KEYS = {
  ArrowUp: () => moveHands(-1), ArrowDown: () => moveHands(1),
  a: () => choose("a"), b: () => choose("b"), e: () => choose("both"),
  l: letGo, r: again, " ": pause, ".": () => act({ type: "step" }),
  ArrowLeft: () => replay?.move(-1), ArrowRight: () => replay?.move(1),
  i: () => push("forward"), k: () => push("backward"), j: () => push("left"), o: () => push("right"),
  1: () => look(1), 2: () => look(2), 3: () => look(3), Escape: () => takes.stopReplays(),
};

function wire() {
  for (const one of document.querySelectorAll("[data-whom]")) one.onclick = () => choose(one.dataset.whom);
  for (const one of document.querySelectorAll("[data-push]")) one.onclick = () => push(one.dataset.push);
  for (const one of document.querySelectorAll("[data-speed]")) one.onclick = () => speed(Number(one.dataset.speed));
  for (const one of document.querySelectorAll("[data-camera]")) one.onclick = () => look(Number(one.dataset.camera));
  find("let-go").onclick = letGo;
  find("again").onclick = again;
  find("pause").onclick = pause;
  find("step").onclick = () => act({ type: "step" });
  find("exercise").onchange = (event) => act({ type: "choose", infant: "both", exercise: event.target.value });
  find("firmness").onchange = () => {
    for (const who of whom()) {
      const { site } = page.setup.infants[who];
      const firmness = Number(find("firmness").value);
      if (site !== "none") act({ type: "hold", infant: who, site, firmness });
    }
  };
  find("tone").onchange = (event) => tint(event.target.value);
  find("bigger").onclick = () => document.body.classList.toggle("bigger");
  find("language").onchange = (event) => translate(event.target.value);
  document.addEventListener("click", (event) => {
    // After a tap keys are for the infants again; whoever goes by keys keeps the focus (detail 0).
    if (event.detail > 0 && document.activeElement?.tagName === "BUTTON") document.activeElement.blur();
  });
  document.addEventListener("keydown", (event) => {
    if (gate.isLocked) return;
    const isField = ["SELECT", "INPUT", "TEXTAREA"].includes(event.target.tagName);
    if (isField || event.ctrlKey || event.metaKey || event.altKey) return;
    const isButton = event.target.tagName === "BUTTON" && (event.key === " " || event.key === "Enter");
    const deed = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!deed || isButton) return;
    event.preventDefault();
    deed();
  });
}

async function translate(language) {
  await speak(language);
  find("language").value = language;
  remember({ lang: language });
  fill(find("tone"), Object.keys(TONES).map((tone) => [tone, t(`skin.${tone}`)]));
  if (page.choices) offer();
  if (page.setup) setup(page.setup);
  said = "";
  replay?.show();
  if (page.frame) tell();
  page.isNew = true;
  gate.show();
  lecture?.show();
}

// Time.

function draw() {
  requestAnimationFrame(draw);
  const { frame: now, before } = page;
  if (!now || !page.who.every((who) => page.bodies[who])) return;
  const clock = performance.now();
  const hz = replay?.hz ?? page.choices.control_hz;
  const share = Math.min(1, ((clock - page.arrived) / 1000) * hz * (page.setup?.speed ?? 1));
  const isReplaying = page.who.some((who) => takes.replays[who]);
  if (!page.isNew && !isReplaying) return;
  page.isNew = share < 1;
  for (const who of page.who) {
    const pane = page.panes[who];
    takes.replayIfDue(who, now, clock);
    const slow = still ? null : takes.replayedPoses(who, clock);
    const body = page.bodies[who];
    pane.label.hidden = !slow;
    pane.label.textContent = t("replay");
    body.move(slow ?? between(before?.[who], now.unpacked[who], share));
    const ghost = slow ? null : takes.ghost(who, now.time_s);
    body.moveGhost(ghost);
    pane.pale.hidden = !ghost;
  }
  stage.draw();
  for (const who of page.who) page.panes[who].follow(stage, page.bodies[who]);
  drawChart(find("chart"), takes, page, now.time_s);
}

const asked = new URLSearchParams(location.search);
const film = await embeddedFilm();
wire();
const spoken = [...find("language").options].map((one) => one.value);
const wished = [asked.get("lang"), film?.language, navigator.language.slice(0, 2), "en"];
await translate(wished.find((one) => spoken.includes(one)));
look(ARROWS[asked.get("camera")] ? Number(asked.get("camera")) : 1);
tint(asked.get("tone"));
const handlers = {
  welcome, setup, scene, frame, refused, seen: see,
  lesson: (message) => {
    takes.forget();
    gate.open(message);
    lecture?.show();
  },
  closed: () => (find("notice").textContent = t("lost")),
  opened: () => (find("notice").textContent = t("waiting")),
};
document.body.classList.toggle("film", isFilm);
if (film?.takes) {
  replay = new Replay(film, act, (...angles) => {
    stage.turn(...angles);
    page.isNew = true;
  });
  handlers.began = (shown) => {
    seat(Object.keys(shown.takes));
    page.lines = replay.seat(page.panes, shown);
  };
  Object.assign(source, filmSource(handlers, replay.film, film.plays && !still));
} else {
  seat(WHO);
  lecture = film && new Lecture(film, gate, (message) => source.send(message));
  if (!film) find("notice").textContent = t("waiting");
  Object.assign(source, film ? filmSource(handlers, film) : socketSource(handlers));
}
requestAnimationFrame(draw);
