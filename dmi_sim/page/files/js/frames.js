// Poses of all frames of an infant, as they are packed in messages: see dmi_sim/page/packing.py.

const GRAIN_M = 0.00025;
const NOTHING = -32768;
export const PER_FRAME = 7;

export function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const whole = new DataView(bytes.buffer);
  const out = new Float32Array(bytes.length / 2);
  for (let i = 0; i < out.length; i++) {
    const value = whole.getInt16(2 * i, true);
    const place = i % PER_FRAME;
    out[i] = place > 2 ? value / 32767 : value === NOTHING ? NaN : value * GRAIN_M;
  }
  return out;
}

// Poses a share of the way from one to another; what appears or vanishes jumps.
export function between(from, to, share) {
  if (!from || from.length !== to.length || share >= 1) return to;
  const out = new Float32Array(to.length);
  for (let i = 0; i < to.length; i += PER_FRAME) {
    const hidden = Number.isNaN(from[i]) || Number.isNaN(to[i]);
    let turn = 0;
    for (let k = 3; k < PER_FRAME; k++) turn += from[i + k] * to[i + k];
    const sign = turn < 0 ? -1 : 1;
    for (let k = 0; k < PER_FRAME; k++) {
      const start = k < 3 ? from[i + k] : sign * from[i + k];
      out[i + k] = hidden ? to[i + k] : start + (to[i + k] - start) * share;
    }
  }
  return out;
}
