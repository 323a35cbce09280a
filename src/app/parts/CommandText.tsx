/** A command line that breaks between words, not inside of a flag. */
export function CommandText({ line }: { line: string }) {
  const words = line.split(/(?<= )/).map((word, index) => ({ word, key: `${index} ${word}` }));
  return (
    <code className="command">
      {words.map(({ word, key }) => (
        <span key={key}>{word}</span>
      ))}
    </code>
  );
}
