// What was seen of this take and the one before: the ghost, and the slow replay of a fall.

const LONGEST = 1800; // frames, a minute
const BEFORE_S = 1.5;
const AFTER_S = 0.6;
const WAIT_S = 0.9;
const SLOW = 0.25;

export class Takes {
  constructor() {
    this.now = [];
    this.last = [];
    this.take = null;
    this.forgetFalls();
  }

  // What lies after it is gone back over, and will be seen again.
  add(frame, poses) {
    if (frame.take !== this.take) {
      if (this.now.length > 10) this.last = this.now;
      this.now = [];
      this.take = frame.take;
      this.forgetFalls();
    }
    while (this.now.at(-1)?.time >= frame.time_s) this.now.pop();
    this.now.push({ time: frame.time_s, poses, seen: frame.infants });
    if (this.now.length > LONGEST) this.now.shift();
  }

  // The poses of the last take at the same time; none after its end.
  ghost(who, time) {
    const one = at(this.last, time);
    return one && one.time >= time - 0.1 ? one.poses[who] : null;
  }

  // Whether the slow replay of a fall is due, which begins then.
  replayIfDue(who, frame, clock) {
    const fell = frame.infants[who].fell_at_s;
    if (fell === null || frame.time_s < fell + WAIT_S) this.replayed[who] = false;
    else if (!this.replayed[who]) this.replay(who, fell, clock);
  }

  replay(who, fell, clock) {
    this.replayed[who] = true;
    if (this.now[0].time < fell) this.replays[who] = { from: fell - BEFORE_S, to: fell + AFTER_S, began: clock };
  }

  // The poses of a slow replay; none if there is none.
  replayedPoses(who, clock) {
    const replay = this.replays[who];
    if (!replay) return null;
    const time = replay.from + ((clock - replay.began) / 1000) * SLOW;
    if (time > replay.to) this.replays[who] = null;
    return at(this.now, Math.max(0, time))?.poses[who] ?? null;
  }

  // Another lesson has other infants, of whom no ghost is to be seen.
  forget() {
    this.now = [];
    this.last = [];
    this.forgetFalls();
  }

  forgetFalls() {
    this.stopReplays();
    this.replayed = {};
  }

  stopReplays() {
    this.replays = {};
  }
}

function at(frames, time) {
  let low = 0;
  let high = frames.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (frames[middle].time <= time) low = middle;
    else high = middle - 1;
  }
  return frames[low];
}
