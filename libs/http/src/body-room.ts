/** What one holder may have of the room, so that nobody's slow or many bodies leave none to others. */
const SHARE_MAX = 0.5;

/** Bytes of bodies that one process holds at once: received in part or in whole, and unpacked. Beyond them a body is not read on. */
export class BodyRoom {
  private held = 0;
  private readonly byHolder = new Map<string, number>();

  constructor(private readonly bytesMax: number) {}

  /** The bodies of one request, until they are released. */
  open(holder: string): HeldBodies {
    return new HeldBodies(this, holder);
  }

  /** Whether there was room: otherwise nothing is taken. */
  take(holder: string, bytes: number): boolean {
    const ofHolder = (this.byHolder.get(holder) ?? 0) + bytes;
    if (this.held + bytes > this.bytesMax || ofHolder > this.bytesMax * SHARE_MAX) return false;
    this.held += bytes;
    this.byHolder.set(holder, ofHolder);
    return true;
  }

  give(holder: string, bytes: number): void {
    this.held -= bytes;
    const left = this.byHolder.get(holder)! - bytes;
    if (left > 0) this.byHolder.set(holder, left);
    else this.byHolder.delete(holder);
  }
}

/** What one request holds of a room. */
export class HeldBodies {
  private bytes = 0;

  constructor(
    private readonly room: BodyRoom,
    private readonly holder: string,
  ) {}

  /** Whether there was room for more. */
  add(bytes: number): boolean {
    if (!this.room.take(this.holder, bytes)) return false;
    this.bytes += bytes;
    return true;
  }

  release(): void {
    if (this.bytes > 0) this.room.give(this.holder, this.bytes);
    this.bytes = 0;
  }
}
