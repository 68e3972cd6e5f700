// Lean of both trunks over the last ten seconds, the last take pale, pushes as ticks.

import { t } from "./words.js";

const SPAN_S = 10;
const LARGEST_DEG = 90;
const DASHES = [[], [7, 5], [2, 3], [9, 3, 2, 3], [12, 4, 4, 4], [1, 2]];

export function drawChart(canvas, takes, { pushed, lines }, time) {
  const title = t(document.body.matches(".replay") ? "chart.recorded" : "chart");
  canvas.setAttribute("aria-label", title);
  const scale = Math.min(devicePixelRatio, 2);
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
  if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  const from = Math.max(0, time - SPAN_S);
  const x = (s) => 40 + ((s - from) / SPAN_S) * (width - 52);
  const y = (deg) => height - 6 - (Math.min(deg, LARGEST_DEG) / LARGEST_DEG) * (height - 14);
  pen.font = "12px system-ui, sans-serif";
  pen.fillStyle = "#5b6675";
  pen.strokeStyle = "#e4dccf";
  pen.lineWidth = 1;
  for (const deg of [0, 30, 60, 90]) {
    pen.beginPath();
    pen.moveTo(40, y(deg));
    pen.lineTo(width - 12, y(deg));
    pen.stroke();
    if (height > 80 || deg % 90 === 0) pen.fillText(`${deg}°`, 8, Math.max(11, y(deg) + 4));
  }
  pen.strokeStyle = "#a3121f";
  for (const at of pushed) {
    if (at < from) continue;
    pen.beginPath();
    pen.moveTo(x(at), height - 12);
    pen.lineTo(x(at), height - 2);
    pen.stroke();
  }
  Object.entries(lines).forEach(([who, colour], index) => {
    const style = { colour, dash: DASHES[index] };
    line(pen, takes.last, who, from, time, x, y, style, 0.28);
    line(pen, takes.now, who, from, time, x, y, style, 1);
  });
  pen.setLineDash([]);
  pen.fillStyle = "#5b6675";
  if (width > 600) pen.fillText(title, 48, 14);
}

function line(pen, frames, who, from, to, x, y, { colour, dash }, strength) {
  pen.globalAlpha = strength;
  pen.strokeStyle = colour;
  pen.lineWidth = strength < 1 ? 1.5 : 2.5;
  pen.setLineDash(dash);
  pen.beginPath();
  let isOpen = false;
  for (const { time, seen } of frames) {
    if (time < from || time > to || seen[who].isOver) continue;
    const at = [x(time), y((seen[who].upright_rad * 180) / Math.PI)];
    if (isOpen) pen.lineTo(...at);
    else pen.moveTo(...at);
    isOpen = true;
  }
  pen.stroke();
  pen.globalAlpha = 1;
}
