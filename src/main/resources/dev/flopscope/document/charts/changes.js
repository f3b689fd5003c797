// What changed from A to B: factors and their intervals around 1.
const VERDICTS = [
  { name: 'faster', pattern: /^faster/i, symbol: 'triangle', rotate: 90, ink: '#1f9e7d' },
  { name: 'slower', pattern: /^slower/i, symbol: 'triangle', rotate: -90, ink: '#c2570c' },
  { name: 'equal', pattern: /^equal/i, symbol: 'circle', ink: '#2f86d6' },
  { name: 'minor', pattern: /^minor/i, symbol: 'roundRect', ink: '#b59a2b' },
  { name: 'cannot tell', pattern: /./, symbol: 'emptyDiamond', ink: '#8c939c' },
];
/** Sites are hundreds; of them, those whose times differ most. */
const MOST_ROWS = 40;
const STEPS = [0.02, 0.05, 0.1, 0.2, 0.25, 0.33, 0.5, 0.67, 0.8, 0.9, 0.95, 0.98, 0.99, 1,
  1.01, 1.02, 1.05, 1.1, 1.25, 1.5, 2, 3, 4, 5, 10, 20, 50];

/** Steps from 1 to either side, each far enough from the one before for its number. */
const ticksWithin = (far, pixels) => {
  const outward = (steps) => steps.filter((step) => Math.abs(Math.log(step)) < far).reduce((kept, step) =>
    (Math.abs(Math.log(step / kept[kept.length - 1])) / far * pixels < 44 ? kept : [...kept, step]), [1]);
  return [...outward(STEPS.filter((step) => step < 1).reverse()).slice(1), ...outward(STEPS.filter((step) => step > 1))];
};

const intervals = (look, width) => {
  const { pass, margin } = figures;
  const moved = (row) => Math.abs(row.b.seconds - row.a.seconds);
  const kept = new Set([...figures.rows].sort((one, other) => moved(other) - moved(one)).slice(0, MOST_ROWS));
  const rows = [pass, ...figures.rows.filter((row) => kept.has(row))];
  const rowNames = rows.map(({ kind, layer }) => (layer === undefined ? kind : `${kind} ${layer}`));
  const left = nameWidth([...rowNames, ...rows.map(({ verdict }) => verdict)], width) + 10;
  // Equal distances are equal factors.
  const low = ({ interval, time_factor: factor }) => Math.log(interval?.low ?? factor);
  const high = ({ interval, time_factor: factor }) => Math.log(interval?.high ?? factor);
  const far = 1.1 * Math.max(Math.log(1 + 1.5 * margin), ...rows.map((row) => Math.max(Math.abs(low(row)), Math.abs(high(row)))));
  const ticks = ticksWithin(far, (width - left - 24) / 2);
  const verdictOf = (row) => VERDICTS.find(({ pattern }) => pattern.test(row.verdict));
  const used = VERDICTS.filter((verdict) => rows.some((row) => verdictOf(row) === verdict));
  const exact = (value) => number(value, 3);
  return {
    height: 100 + 38 * rows.length,
    option: {
      grid: { left, right: 24, top: 14, bottom: 74 },
      legend: legend(look, { data: used.map(({ name }) => name) }),
      tooltip: tooltip(look, ({ data: { row, name } }) => [
        escaped(name),
        `${exact(row.time_factor)} times as long${row.interval ? `, ${exact(row.interval.low)} to ${exact(row.interval.high)}` : ''}`,
        `A ${exact(1e3 * row.a.seconds)} ms, B ${exact(1e3 * row.b.seconds)} ms`,
        row.verdict,
      ].join('<br>')),
      xAxis: axis(look, {
        type: 'value',
        min: -far,
        max: far,
        name: 'times as long in B as in A',
        nameLocation: 'middle',
        nameGap: 28,
        splitLine: { show: false },
        axisTick: { customValues: ticks.map(Math.log) },
        axisLabel: {
          color: look.soft,
          customValues: ticks.map(Math.log),
          formatter: (value) => String(Number(Math.exp(value).toFixed(2))),
        },
      }),
      yAxis: names(look, left, rowNames.map((name, index) => `${index}`), {
        formatter: (index) => `{name|${rowNames[index]}}\n{soft|${rows[index].verdict}}`,
        rich: {
          name: { color: look.ink, lineHeight: 15, align: 'right' },
          soft: { color: look.soft, fontSize: 11, lineHeight: 14, align: 'right' },
        },
      }),
      series: [
        {
          type: 'scatter',
          silent: true,
          data: [],
          markArea: {
            silent: true,
            itemStyle: { color: look.soft, opacity: 0.3 },
            data: [[{ xAxis: -Math.log(1 + margin) }, { xAxis: Math.log(1 + margin) }]],
          },
          markLine: {
            silent: true,
            symbol: 'none',
            lineStyle: { color: look.ink, type: 'solid', width: 1 },
            label: { show: false },
            data: [{ xAxis: 0 }],
          },
        },
        whiskers('interval', look.ink, rows.map((row, index) => [low(row), index, high(row), index]).filter(([from, , to]) => from < to)),
        ...used.map(({ name, symbol, rotate, ink }) => ({
          name,
          type: 'scatter',
          symbol,
          symbolRotate: rotate,
          symbolSize: 13,
          itemStyle: { opacity: 1, color: ink, borderColor: symbol.startsWith('empty') ? ink : look.ink, borderWidth: symbol.startsWith('empty') ? 3 : 1 },
          data: rows.flatMap((row, index) => (verdictOf(row).name === name
            ? [{ name: rowNames[index], row, value: [Math.log(row.time_factor), index] }]
            : [])),
        })),
      ],
    },
  };
};

Object.assign(CHARTS, { intervals });
