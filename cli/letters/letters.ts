/** A letter of `GET /admin/dlq`, as far as it is shown. */
export interface Letter {
  readonly id: string;
  readonly state?: string;
  readonly group?: string;
  readonly key: string | null;
  readonly item_id?: string | null;
  readonly reason: string;
  readonly detail: string;
  readonly consumer: string;
  readonly attempts: number;
  readonly correlation_id: string;
  readonly parked_at: string;
  readonly value_bytes: number | null;
}

export interface LetterDetail extends Letter {
  readonly value_base64: string | null;
  readonly decoded?: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly actions?: readonly LetterAction[];
}

export interface LetterAction {
  readonly command_id: string;
  readonly kind: string | null;
  readonly actor: string | null;
  readonly note: string | null;
  readonly effect: string | null;
  readonly at: string | null;
}

/** Letters that failed for the same reason. */
export interface LetterGroup {
  readonly group: string;
  readonly topic: string;
  readonly reason: string;
  readonly letters: number;
  readonly open: number;
  readonly oldest: string;
  readonly newest: string;
  readonly sample: { readonly id: string; readonly detail: string };
}

type Predicted = 'redriven' | 'already_terminal' | 'fails_again' | 'not_open';

/** What a dry run answers. */
export interface LetterPlan {
  readonly plan_id: string;
  readonly letters: number;
  readonly predicted: Readonly<Record<Predicted, number>>;
  readonly samples: Readonly<
    Record<Predicted, readonly { readonly id: string; readonly detail: string | null }[]>
  >;
}

/** What an accepted command is answered. */
export interface LettersAccepted {
  readonly command_id: string;
  readonly letters: number;
}

/** `GET /admin/redrives/:command_id`. */
export interface LetterCommand {
  readonly command_id: string;
  readonly kind: string;
  readonly state: string;
  readonly letters: number;
  readonly tried: number;
  readonly effects: Readonly<Record<string, number>>;
  readonly states: Readonly<Record<string, number>>;
}
