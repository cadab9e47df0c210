import { connect, type Socket } from 'node:net';
import { onAnswers } from './on-answers.js';

interface Connection {
  socket: Socket;
  answered: { resolve: () => void; reject: (error: Error) => void } | null;
}

/** As many kept connections to the door as there are requests under way: none waits for another's answer. */
export class DoorConnections {
  private readonly idle: Connection[] = [];
  private readonly all: Socket[] = [];

  constructor(private readonly url: string) {}

  /** Resolves at a 202; rejects at anything else. */
  send(request: Buffer): Promise<void> {
    const connection = this.idle.pop() ?? this.open();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    connection.answered = { resolve, reject };
    connection.socket.write(request);
    return promise;
  }

  close(): void {
    for (const socket of this.all) socket.destroy();
  }

  private open(): Connection {
    const { hostname, port } = new URL(this.url);
    const socket = connect(Number(port), hostname);
    const connection: Connection = { socket, answered: null };
    const fail = (error: Error) => connection.answered?.reject(error);
    socket.setNoDelay(true);
    socket.on('error', fail);
    socket.on('close', () => fail(new Error('the door closed the connection')));
    onAnswers(socket, (status, head) => {
      const { answered } = connection;
      connection.answered = null;
      this.idle.push(connection);
      if (status === 202) answered?.resolve();
      else answered?.reject(new Error(`the door answered ${head}`));
    });
    this.all.push(socket);
    return connection;
  }
}
