import { formatPosition, type LogPosition } from '../chassis/kafka/log';

/** A record's place in the log is some 100 bytes here. One that is forgotten only gets a second copy of its letter. */
const placesMax = 10_000;

/**
 * The records whose letters this process has written. What is buried is handed over again for as long as something before
 * it is not done: every few seconds, for as long as a payment provider is away.
 */
export class WrittenLetters {
  private readonly places = new Set<string>();

  has(place: LogPosition): boolean {
    return this.places.has(formatPosition(place));
  }

  add(place: LogPosition): void {
    this.places.add(formatPosition(place));
    if (this.places.size <= placesMax) return;
    const [oldest] = this.places;
    if (oldest !== undefined) this.places.delete(oldest);
  }
}
