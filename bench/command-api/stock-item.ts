const unitsOfOne = 1_000_000;
/** A whole `make bench` sells two million units and more; sold out, the rest would be refused, which costs less. */
const deliveries = 10;

/** Puts enough of an item into stock for every order of a run. @throws when a delivery is not accepted. */
export const stockItem = async (url: string, item: string): Promise<void> => {
  for (let delivery = 1; delivery <= deliveries; delivery += 1) {
    const command = {
      item_id: item,
      delta: unitsOfOne,
      reason: 'benchmark',
      command_id: `${item}-${delivery}`,
    };
    const answer = await fetch(`${url}/commands/adjust-stock`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Bearer ${process.env['ADMIN_TOKEN'] ?? ''}`,
      },
      body: JSON.stringify(command),
    });
    if (answer.status !== 202) throw new Error(`stocking the item was answered ${answer.status}`);
  }
};

interface ItemAnswer {
  readonly available: number;
  readonly orders: { readonly completed: number; readonly failed: number };
}

/** What became of the item's orders, as the query API at `url` has it. @throws unless it answers 200. */
export const itemAt = async (url: string, item: string): Promise<ItemAnswer> => {
  const answer = await fetch(`${url}/items/${item}`);
  if (answer.status !== 200) throw new Error(`the item was answered ${answer.status}`);
  return (await answer.json()) as ItemAnswer;
};
