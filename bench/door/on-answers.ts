import type { Socket } from 'node:net';

/** Reads only what is needed to know where an answer ends. */
export function onAnswers(socket: Socket, answered: (status: number, head: string) => void): void {
  let head = '';
  let bodyLeft = 0;
  socket.on('data', (chunk) => {
    let rest = chunk;
    if (bodyLeft === 0) {
      head += rest.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) return;
      const bodySize = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      bodyLeft = bodySize - (head.length - end - 4);
    } else {
      bodyLeft -= rest.length;
      rest = rest.subarray(0, 0);
    }
    if (bodyLeft > 0) return;
    const answer = head;
    head = '';
    bodyLeft = 0;
    answered(Number(answer.slice(9, 12)), answer);
  });
}
