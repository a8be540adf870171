import type { ReportCheck } from '../report-data.ts';
import { EventLink } from './event-link.tsx';
import { Icon } from './icon.tsx';
import { Scroller, Section } from './section.tsx';
import { useView } from './view.ts';

/** The armed faults, and when each fault struck. */
export function Faults() {
  const { data } = useView();
  return (
    <Section id="faults" title="Faults">
      {data.faults.length === 0 ? (
        <p>No fault was armed.</p>
      ) : (
        <table>
          <caption class="unseen">Armed faults</caption>
          <thead>
            <tr>
              <th scope="col">armed</th>
              <th scope="col">struck</th>
            </tr>
          </thead>
          <tbody>
            {data.faults.map(({ rule, events }) => (
              <tr key={rule}>
                <th scope="row">
                  <code>{rule}</code>
                </th>
                <td>
                  {events.length === 0
                    ? 'never'
                    : events.map((id) => <EventLink key={id} event={id} />)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

/** Every invariant and expectation with its evidence; broken checks come first. */
export function Checks() {
  const { data } = useView();
  const broken = data.checks.filter(({ holds }) => !holds);
  const checks = [...broken, ...data.checks.filter(({ holds }) => holds)];
  if (checks.length === 0) return null;
  return (
    <Section
      id="checks"
      title="Invariants"
      lead={
        broken.length === 0
          ? `All ${checks.length} hold.`
          : `${broken.length} of ${checks.length} ${broken.length === 1 ? 'is' : 'are'} broken.`
      }
    >
      <table class="checks">
        <caption class="unseen">Invariants and expectations</caption>
        <thead>
          <tr>
            <th scope="col">verdict</th>
            <th scope="col">what must be true</th>
            <th scope="col">evidence</th>
          </tr>
        </thead>
        <tbody>
          {checks.map((check) => (
            <CheckRow key={`${check.id}${check.title}`} check={check} />
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function CheckRow({ check }: { check: ReportCheck }) {
  return (
    <tr class={check.holds ? undefined : 'is-broken'}>
      <td class="holds">
        <Icon shape={check.holds ? 'good' : 'crash'} /> {check.holds ? 'holds' : 'broken'}
      </td>
      <th scope="row">
        {check.id !== '' && <span class="check-id">{check.id}</span>} {check.title}
      </th>
      <td>
        {check.evidence}
        {check.event !== null && (
          <>
            {' '}
            (inevitable since <EventLink event={check.event} />)
          </>
        )}
      </td>
    </tr>
  );
}

/** The measured comparison of the scenario, if it has one. */
export function Comparison() {
  const { comparison } = useView().data;
  if (comparison === null) return null;
  return (
    <Section id="comparison" title={comparison.title}>
      <Scroller label={comparison.title}>
        <table>
          <caption class="unseen">{comparison.title}</caption>
          <thead>
            <tr>
              <th scope="col">
                <span class="unseen">what</span>
              </th>
              {comparison.columns.map((column) => (
                <th scope="col" key={column}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {comparison.rows.map(({ what, values }) => (
              <tr key={what}>
                <th scope="row">{what}</th>
                {values.map((value, index) => (
                  <td key={index}>{value}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      {comparison.notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </Section>
  );
}

/** What this page leaves out, and why. */
export function LeftOut() {
  const { leftOut } = useView().data;
  if (leftOut.length === 0) return null;
  return (
    <Section id="left-out" title="Left out">
      <ul>
        {leftOut.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </Section>
  );
}
