import { useState } from 'preact/hooks';
import { wentWrong } from '../of-order.ts';
import type { ReportData, ReportOrder } from '../report-data.ts';
import { useView } from './view.ts';

const BUTTONS_MAX = 8;

/** Chooses one order, or all orders. */
export function OrderChooser() {
  const { data, place, isPrinting } = useView();
  const [only, ...others] = data.orders;
  if (only === undefined) return null;
  if (others.length === 0) return <p class="chooser">Order {nameOf(only)}</p>;
  if (isPrinting) {
    const chosen = data.orders.find(({ label }) => label === place.order);
    return (
      <p class="chooser">
        {chosen === undefined ? allOf(data, 'All orders') : `Order ${nameOf(chosen)}`}
      </p>
    );
  }
  return data.orders.length <= BUTTONS_MAX ? <OrderButtons /> : <OrderSelect />;
}

function OrderButtons() {
  const { data, place, chooseOrder } = useView();
  const choices = [null, ...data.orders];
  return (
    <fieldset class="chooser segments">
      <legend>Order</legend>
      {choices.map((order) => {
        const label = order?.label ?? null;
        return (
          <button
            type="button"
            key={label ?? ''}
            aria-pressed={place.order === label}
            title={order === null ? allOf(data, 'every order') : nameOf(order)}
            onClick={() => chooseOrder(label)}
          >
            {order === null ? allOf(data, 'All') : `${order.label} ${order.status}`}
          </button>
        );
      })}
    </fieldset>
  );
}

function OrderSelect() {
  const { data, place, chooseOrder } = useView();
  const [isFiltered, setFiltered] = useState(false);
  const wrong = wentWrong(data);
  const offered = isFiltered ? wrong : data.orders;
  const chosen = data.orders.find(({ label }) => label === place.order);
  const isHidden = chosen !== undefined && !offered.includes(chosen);
  return (
    <div class="chooser">
      <label>
        <span class="label">Order</span>
        <select
          value={place.order ?? ''}
          onChange={({ currentTarget }) => chooseOrder(currentTarget.value || null)}
        >
          <option value="">{allOf(data, `All ${data.orders.length}`)}</option>
          {(isHidden ? [chosen, ...offered] : offered).map((order) => (
            <option key={order.label} value={order.label}>
              {nameOf(order)}
            </option>
          ))}
        </select>
      </label>
      {wrong.length > 0 && wrong.length < data.orders.length && (
        <label class="tick">
          <input
            type="checkbox"
            checked={isFiltered}
            onChange={({ currentTarget }) => setFiltered(currentTarget.checked)}
          />
          only the {wrong.length} that did not go straight through
        </label>
      )}
    </div>
  );
}

/** For a run with very many orders, the page has only some of them. */
function allOf({ orders, orderCount }: ReportData, words: string): string {
  return orders.length < orderCount ? `${words} on this page` : words;
}

function nameOf({ label, status, reason }: ReportOrder): string {
  return `${label}: ${status}${reason === null ? '' : ` (${reason})`}`;
}
