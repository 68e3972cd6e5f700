// A lesson's gate: nothing moves before somebody has guessed, and the guess stays in sight.

import { number, t } from "./words.js";

const find = (id) => document.getElementById(id);

export class Gate {
  constructor(act) {
    Object.assign(this, { act, lesson: null, guess: null, isTold: false });
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
    this.show();
  }

  get words() {
    return this.lesson.words[document.documentElement.lang] ?? this.lesson.words.en;
  }

  // In the language of the page.
  show() {
    if (!this.lesson) return;
    find("gate-title").textContent = this.words.title;
    find("gate-text").textContent = this.isLocked ? this.words.question : this.words.explain;
    find("gate-evidence").textContent = this.isLocked ? "" : this.words.evidence;
    find("gate-guesses").hidden = !this.isLocked;
    find("gate-close").hidden = this.isLocked;
    find("gate-close").textContent = t(document.body.classList.contains("film") ? "gate.look" : "gate.close");
    find("guess").hidden = this.isLocked;
    if (!this.isLocked) find("guess").textContent = t("guessed", { guess: t(`guess.${this.guess}`) });
    if (this.isLocked) find("gate").hidden = false;
  }

  take(guess) {
    this.guess = guess;
    this.isTold = false;
    find("gate").hidden = true;
    this.show();
    this.act({ type: "reset" });
    this.act({ type: "pause", paused: false });
  }

  // At the end of the take: who stayed up longer, and what that means.
  see(frame) {
    if (!this.lesson || this.isLocked || this.isTold || frame.time_s < this.lesson.duration_s - 0.04) return;
    this.isTold = true;
    const up = (who) => frame.infants[who].fell_at_s ?? this.lesson.duration_s;
    const times = t("result", { a: number(up("a"), 1), b: number(up("b"), 1) });
    this.show();
    find("gate-text").textContent = `${times} ${this.words.explain}`;
    find("gate").hidden = false;
    this.act({ type: "pause", paused: true });
  }
}
