/** Names and short names of the months in English, German, French, Spanish, Italian, Portuguese and Dutch. */
const names = [
  'jan january januar janner jaenner janv janvier ene enero gen gennaio janeiro januari',
  'feb february februar fev fevr fevrier febrero febbraio fevereiro februari',
  'mar march marz maerz mrz mars marzo marco maart mrt',
  'apr april avr avril abr abril aprile',
  'may mai mayo mag maggio maio mei',
  'jun june juni juin junio giu giugno junho',
  'jul july juli juil juillet julio lug luglio julho',
  'aug august aout ago agosto augustus',
  'sep sept september septembre septiembre set sett settembre setembro',
  'oct october okt oktober octobre octubre ott ottobre out outubro',
  'nov november novembre noviembre novembro',
  'dec december dez dezember decembre dic diciembre dicembre dezembro',
];

const months: ReadonlyMap<string, number> = new Map(
  names.flatMap((words, index) => words.split(' ').map((word): [string, number] => [word, index + 1])),
);

/** Month 1 … 12 of a name such as `Mar`, `März`, `Mrz` or `déc`, without a point behind it; 0 where it is none. */
export function monthOfName(name: string): number {
  const plain = name.toLowerCase();
  return months.get(plain) ?? months.get(plain.normalize('NFD').replace(/\p{Mn}/gu, '')) ?? 0;
}
