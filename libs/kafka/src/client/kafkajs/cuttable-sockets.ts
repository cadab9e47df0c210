import { connect, type Socket } from 'node:net';
import { type ISocketFactory } from 'kafkajs';

const KEEP_ALIVE_MS = 10_000;

/**
 * The connections of one Kafka client, which can be cut at once and for good.
 * kafkajs reconnects and repeats by itself and has no way to be stopped in the middle; without its sockets it can
 * neither write a late record nor keep a connection after we have given up on it.
 */
export class CuttableSockets {
  private readonly open = new Set<Socket>();
  private cutBecause: string | null = null;

  readonly factory: ISocketFactory = ({ host, port, onConnect }) => {
    if (this.cutBecause !== null) throw new Error(this.cutBecause);
    const socket = connect({ host, port, noDelay: true }, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    this.open.add(socket);
    socket.once('close', () => this.open.delete(socket));
    return socket;
  };

  /** Breaks every connection and refuses new ones. What lies in the kernel's buffers may still arrive. */
  cut(reason: string): void {
    this.cutBecause ??= reason;
    for (const socket of this.open) socket.destroy(new Error(reason));
  }
}
