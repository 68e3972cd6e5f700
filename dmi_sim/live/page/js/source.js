// Where messages come from: a WebSocket of the page's own server, opened anew when it breaks off.

export function socketSource(handlers) {
  let socket;
  const address = new URL("live", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  address.search = location.search;

  function open() {
    socket = new WebSocket(address);
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data);
      handlers[message.type]?.(message);
    };
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
