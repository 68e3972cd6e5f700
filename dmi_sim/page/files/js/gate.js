// A lesson's gate: nothing moves before somebody has guessed, and the guess stays in sight.

import { number, t } from "./words.js";

const find = (id) => document.getElementById(id);

export class Gate {
  constructor(act) {
    Object.assign(this, { act, lesson: null, guess: null, isTold: false, told: () => {} });
    for (const one of document.querySelectorAll("[data-guess]")) one.onclick = () => this.take(one.dataset.guess);
    find("gate-close").onclick = () => (find("gate").hidden = true);
  }

  get isLocked() {
    return Boolean(this.lesson) && this.guess === null;
  }

  open(lesson) {
    if (this.lesson?.name === lesson.name && this.guess !== null) return; // the page came back
    this.lesson = lesson;
    this.guess = null;
    this.results = [];
    this.show();
  }

  get words() {
    return this.lesson.words[document.documentElement.lang] ?? this.lesson.words.en;
  }

  guessed(guess) {
    return this.words.guesses?.[guess] ?? t(`guess.${guess}`);
  }

  // In the language of the page.
  show() {
    if (!this.lesson) return;
    find("gate-title").textContent = this.words.title;
    find("gate-text").textContent = this.isLocked ? this.words.question : this.outcome;
    find("gate-evidence").textContent = this.isLocked ? "" : this.words.evidence;
    find("gate-guesses").hidden = !this.isLocked;
    for (const one of document.querySelectorAll("[data-guess]")) one.textContent = this.guessed(one.dataset.guess);
    find("gate-close").hidden = this.isLocked;
    find("gate-close").textContent = t(document.body.classList.contains("film") ? "gate.look" : "gate.close");
    find("gate-next").hidden = this.isLocked || !(this.lesson.place < this.lesson.count - 1);
    find("guess").hidden = this.isLocked;
    if (!this.isLocked) find("guess").textContent = t("guessed", { guess: this.guessed(this.guess) });
    if (this.isLocked) find("gate").hidden = false;
  }

  // What came out, what a study says, and what that means.
  get outcome() {
    if (!this.isTold) return "";
    return [...this.results.map(resultWords), answerWords(this.lesson.answer), this.words.explain]
      .filter(Boolean).join("\n");
  }

  take(guess) {
    this.guess = guess;
    this.isTold = false;
    find("gate").hidden = true;
    this.show();
    this.act({ type: "reset" });
    this.act({ type: "pause", paused: false });
  }

  // At the end of the take: what was to be seen, and what that means.
  see(frame) {
    if (!this.lesson || this.isLocked || this.isTold || !frame.results?.length) return;
    this.isTold = true;
    this.results = frame.results;
    this.show();
    find("gate").hidden = false;
    this.told(this);
    this.act({ type: "pause", paused: true });
  }
}

function amount(value, unit) {
  if (value === null) return "–";
  const shown = unit === "1" ? 100 * value : value;
  const digits = Math.abs(shown) >= 10 ? 0 : Math.abs(shown) >= 1 ? 1 : 2;
  return `${number(shown, digits)}\u00a0${unit === "1" ? "%" : unit}`; // which no line is to break
}

function resultWords({ measure, unit, values }) {
  const what = t(`measure.${measure}`, {}, measure);
  return t("result", { what, a: amount(values.a, unit), b: amount(values.b, unit) });
}

function answerWords(answer) {
  if (!answer) return "";
  const { numbers, unit, study } = answer;
  const told = (name) => amount(numbers[name] ?? null, unit);
  const gaps = { study, n: number(numbers.infants ?? 0), difference: told("difference"), low: told("low"), high: told("high") };
  return t(`answer.${answer.comes_to}`, gaps);
}
