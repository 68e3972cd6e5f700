// Where messages come from: a WebSocket of the page's own server, opened anew when it breaks off, or
// frames that are embedded in the page.

const FRAME = '{"type":"frame"';
const BACKLOG = 4;

// What arrived and was not read yet. A machine that cannot keep up misses frames, so that it shows
// what is so now and not what was so a minute ago; it misses nothing else.
export class Inbox {
  constructor(read) {
    Object.assign(this, { read, waiting: [], isDue: false });
  }

  add(text) {
    this.waiting.push(text);
    if (this.isDue) return;
    this.isDue = true;
    setTimeout(() => this.empty());
  }

  empty() {
    const texts = this.waiting;
    Object.assign(this, { waiting: [], isDue: false });
    const frames = texts.filter((text) => text.startsWith(FRAME));
    const missed = new Set(frames.length > BACKLOG ? frames.slice(0, -1) : []);
    for (const text of texts) if (!missed.has(text)) this.read(text);
  }
}

export function socketSource(handlers) {
  let socket;
  const address = new URL("live", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  address.search = location.search;

  const inbox = new Inbox((text) => {
    const message = JSON.parse(text);
    handlers[message.type]?.(message);
  });

  function open() {
    socket = new WebSocket(address);
    socket.onmessage = (event) => inbox.add(event.data);
    socket.onopen = () => handlers.opened?.();
    socket.onclose = () => {
      handlers.closed?.();
      setTimeout(open, 1000);
    };
  }
  open();
  return {
    send(message) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
  };
}

// The film in a page that was written to a file; null on the live page.
export async function embeddedFilm() {
  const element = document.getElementById("film");
  if (!element) return null;
  const bytes = Uint8Array.from(atob(JSON.parse(element.textContent)), (letter) => letter.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(plain).text());
}

// Lessons that follow each other; a guess is needed in each before anything moves. Films of recordings
// are as lessons without a question.
export function filmSource(handlers, film, isPlaying = false) {
  const hz = film.hz ?? film.welcome.choices.control_hz;
  let [place, at, take, paused, speed] = [0, 0, 0, !isPlaying, 1];
  const now = () => film.lessons[place];
  const last = () => now().frames.length - 1;
  const isOver = () => at >= last();
  const show = () => handlers.frame({ ...now().frames[at], take });
  const tell = () => handlers.setup({ ...now().setup, paused, speed });
  function begin(index) {
    [place, at, take] = [index, 0, take + 1];
    handlers.began?.(now());
    tell();
    now().scenes.forEach(handlers.scene);
    if (now().lesson) handlers.lesson({ ...now().lesson, place, count: film.lessons.length });
  }
  function seek(step) {
    const to = Math.max(0, Math.min(last(), step));
    for (const one of now().frames.slice(at + 1, to)) handlers.seen({ ...one, take });
    at = to;
  }
  const deeds = {
    pause: (message) => {
      paused = message.paused;
      if (!paused && isOver()) at = 0;
    },
    speed: (message) => (speed = message.speed),
    step: () => {
      paused = true;
      seek(at + 1);
    },
    seek: (message) => seek(message.step),
    reset: () => (at = 0),
    lesson: (message) => {
      begin(message.place);
      paused ||= Boolean(now().lesson);
    },
  };
  if (film.welcome) handlers.welcome(film.welcome);
  begin(0);
  show();
  let due = performance.now();
  (function tick() {
    const clock = performance.now();
    let moved = false;
    while (clock >= due) {
      if (!paused && !isOver()) at += moved = 1;
      due = Math.max(due + 1000 / (hz * speed), clock - 200);
    }
    if (moved) show();
    if (moved && isOver()) {
      paused = true;
      tell();
    }
    setTimeout(tick, Math.max(4, due - performance.now()));
  })();
  return {
    send(message) {
      deeds[message.type]?.(message);
      tell();
      show();
    },
  };
}
