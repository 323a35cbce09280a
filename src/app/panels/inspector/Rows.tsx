import type { RowView } from "../../../worker/frames.ts";

/** Our word, the server's name, the value; what is not the default is bold beside the default. */
export function Rows({ rows }: { rows: readonly RowView[] }) {
  return (
    <table className="rows">
      <tbody>
        {rows.map((row) => (
          <tr key={row.label + row.name}>
            <th scope="row">
              {row.label}
              <span>{row.name}</span>
            </th>
            <td>
              {row.usual === null ? (
                row.value
              ) : (
                <>
                  <b>{row.value}</b> <span className="d">{row.usual}</span>
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
