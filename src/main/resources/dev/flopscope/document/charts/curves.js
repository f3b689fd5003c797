// A sweep over the context: a curve for what its rows have in common.
const tile = ({ query_tile: rows, key_tile: columns }) => `${rows}×${columns}`;
const severalTiles = () => new Set(figures.rows.map(({ attention }) => attention)
  .filter(({ algorithm }) => algorithm !== 'full')
  .map(tile)).size > 1;

/** What rows that differ in the context alone are called, by the settings that they share. */
const named = (model, attention, batch, threads) => `${model}, ${attention.algorithm}`
  + `${severalTiles() && attention.algorithm !== 'full' ? ` ${tile(attention)}` : ''}, batch ${batch}, `
  + `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
const family = ({ model, attention, batch, engine }) => named(model.name, attention, batch, engine.threads);

/**
 * A curve a family over T; with the exponent that was fitted to it, and bars from the least to the most of the repetitions,
 * where there are any.
 */
const curves = (label, figure, { exponent, bounds } = {}) => (look, width) => {
  const rows = figures.rows.filter((row) => row.seconds && figure(row) > 0);
  const families = [...new Set(rows.map(family))];
  const fitted = (name) => {
    const found = exponent && figures.exponents?.find((each) => named(each.model, each, each.batch, each.threads) === name);
    return found ? `${name}: T^${number(found[exponent].exponent, 2)}` : name;
  };
  const spread = (row) => (bounds ? bounds(row) : [figure(row), figure(row)]);
  const contexts = [...new Set(rows.map((row) => row.context))].sort((one, other) => one - other);
  const values = rows.flatMap(spread);
  const lines = legendRows(families.map(fitted), width);
  const of = (name) => rows.filter((row) => family(row) === name).sort((one, other) => one.context - other.context);
  const inks = families.map((_, index) => CURVES[index % CURVES.length]);
  return {
    height: 380 + 22 * lines,
    option: {
      grid: { left: 66, right: 20, top: 20, bottom: 65 + 22 * lines },
      legend: legend(look, {
        data: families.map(fitted),
        textStyle: { color: look.ink, width: width - 60, overflow: 'break' },
      }),
      tooltip: tooltip(look, ({ seriesName, data: [context, value, row] }) => {
        const [least, most] = spread(rows[row]);
        return `${escaped(seriesName)}<br>T ${number(context, 0)}: ${number(value, 3)} ${label}`
          + (least < most ? `<br>${number(least, 3)} to ${number(most, 3)} in ${rows[row].seconds.samples.length} repetitions` : '');
      }),
      xAxis: {
        ...logarithmic(look, 'T', Math.min(...contexts) / 1.1, Math.max(...contexts) * 1.1, 28),
        axisTick: { customValues: contexts },
        axisLabel: { color: look.soft, formatter: tick, hideOverlap: true, customValues: contexts },
        splitLine: { show: false },
      },
      yAxis: logarithmic(look, label, powerOf2Below(Math.min(...values) / 1.05), powerOf2Above(1.05 * Math.max(...values)), 46),
      series: [
        ...families.map((name, index) => ({
          name: fitted(name),
          type: 'line',
          symbol: MARKS[index % MARKS.length],
          symbolSize: 9,
          color: inks[index],
          lineStyle: { width: 2, type: STROKES[index % STROKES.length] },
          encode: { x: 0, y: 1 },
          data: of(name).map((row) => [row.context, figure(row), rows.indexOf(row)]),
        })),
        ...families.map((name, index) => whiskers(`${name}, spread`, inks[index], of(name)
          .map((row) => [row.context, spread(row)[0], row.context, spread(row)[1]])
          .filter(([, least, , most]) => least < most))),
      ],
    },
  };
};

const extremes = (samples) => [Math.min(...samples), Math.max(...samples)];

Object.assign(CHARTS, {
  seconds: curves('seconds', (row) => row.seconds.median, { exponent: 'time', bounds: (row) => extremes(row.seconds.samples) }),
  gflops: curves('GFLOPs', (row) => row.flops.counted / 1e9, { exponent: 'counted' }),
  rate: curves('GFLOP/s', (row) => row.gflops_per_second, {
    bounds: (row) => extremes(row.seconds.samples.map((seconds) => row.flops.counted / 1e9 / seconds)),
  }),
});
