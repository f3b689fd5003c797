// Shares and totals, a bar each.
const wholePercent = (share) => `${number(100 * share, 0)} %`;

/** A bar for each name in each series, with its value beside it: in words, and shorter ones along the axis. */
const bars = (look, width, rowNames, series, format, axisFormat) => {
  const left = nameWidth(rowNames, width);
  const legended = series.length > 1;
  return {
    height: 50 + (legended ? 40 : 0) + (legended ? 22 * series.length : 30) * rowNames.length,
    option: {
      grid: { left, right: Math.max(...series.map(({ room }) => room ?? 62)), top: 10, bottom: legended ? 60 : 30 },
      legend: legended ? legend(look, {}) : undefined,
      tooltip: tooltip(look, ({ name, seriesName, value }) => `${escaped(name)}<br>${seriesName}: ${format(value)}`),
      xAxis: axis(look, {
        type: 'value',
        splitNumber: width < NARROW ? 2 : 5,
        axisLabel: { color: look.soft, hideOverlap: true, formatter: axisFormat },
      }),
      yAxis: names(look, left, rowNames),
      series: series.map(({ name, fill, pattern, data }) => ({
        name,
        type: 'bar',
        barGap: '10%',
        itemStyle: { color: fill, decal: decal(pattern) },
        label: { show: true, position: 'right', color: look.ink, formatter: ({ value }) => format(value) },
        data,
      })),
    },
  };
};

/** Share of FLOPs and of time, a pair of bars a kind. */
const timeBesideFlops = (phase) => (look, width) => {
  const { sites, seconds: { wall, other } } = figures.phases[phase];
  const timed = sites.filter((site) => site.seconds !== undefined);
  return bars(look, width, [...timed.map((site) => site.kind), 'between products'], [
    { name: 'of FLOPs', fill: '#2f86d6', data: [...timed.map((site) => site.share_of_flops), 0] },
    { name: 'of time', fill: '#f0953f', pattern: 'lines', data: [...timed.map((site) => site.share_of_time), other / wall] },
  ], percent, wholePercent);
};

/** Share of FLOPs by closed form: a bar a kind, in the colour of its family, or one of each phase. */
const shareOfFlops = (look, width) => {
  const { phases } = figures.accounts[0];
  const kinds = phases[0].sites.map((site) => site.kind);
  const shares = (phase) => kinds.map((kind) => phase.sites.find((site) => site.kind === kind)?.share_of_flops ?? 0);
  return bars(look, width, kinds, phases.length === 1
    ? [{
      name: 'of FLOPs',
      data: shares(phases[0]).map((value, index) => ({ value, itemStyle: style(kinds[index], look) })),
    }]
    : [
      { name: 'of prefill', fill: '#2f86d6', data: shares(phases[0]) },
      { name: 'of decode', fill: '#f0953f', pattern: 'lines', data: shares(phases[1]) },
    ], percent, wholePercent);
};

const COMPONENTS = [
  ['attention_projections', 'q, k, v, o projections', '#2f86d6'],
  ['attention_products', 'attention products', '#f0953f', 'lines'],
  ['feed_forward', 'feed-forward', '#1f9e7d', 'counterlines'],
  ['lm_head', 'LM head', '#8a4fa3', 'dots'],
];

/** Accounts by what they differ in. */
const accountNames = () => {
  const differ = (of) => new Set(figures.accounts.map(of)).size > 1;
  const parts = [
    [(account) => account.model.name, (name) => name],
    [(account) => account.context, (context) => `T ${number(context, 0)}`],
    [(account) => account.batch, (batch) => `B ${number(batch, 0)}`],
  ].filter(([of], index) => differ(of) || (index === 0 && !differ((account) => account.context)));
  return figures.accounts.map((account) => parts.map(([of, word]) => word(of(account))).join(', '));
};

/** Shares of the prompt's FLOPs, stacked: a bar an account. */
const shareByComponent = (look, width) => {
  const rowNames = accountNames();
  const left = nameWidth(rowNames, width);
  const rows = legendRows(COMPONENTS.map(([, label]) => label), width);
  const readable = (share) => share * (width - left - 24) > 44;
  return {
    height: 70 + 22 * rows + 40 * rowNames.length,
    option: {
      grid: { left, right: 24, top: 10, bottom: 40 + 22 * rows },
      legend: legend(look, {}),
      tooltip: tooltip(look, ({ name, seriesName, value }) => `${escaped(name)}<br>${seriesName}: ${percent(value)}`),
      xAxis: axis(look, {
        type: 'value',
        max: 1,
        axisLabel: { color: look.soft, hideOverlap: true, formatter: wholePercent },
      }),
      yAxis: names(look, left, rowNames),
      series: COMPONENTS.map(([key, name, color, pattern]) => ({
        name,
        type: 'bar',
        stack: 'shares',
        barCategoryGap: '25%',
        itemStyle: { color, borderColor: look.paper, borderWidth: 1, decal: decal(pattern) },
        label: {
          color: look.ink,
          backgroundColor: look.paper,
          padding: [2, 4],
          borderRadius: 3,
          formatter: ({ value }) => percent(value),
        },
        data: figures.accounts.map(({ phases: [{ components, flops }] }) => components[key] / flops.expected)
          .map((value) => ({ value, label: { show: readable(value) } })),
      })),
    },
  };
};

/** FLOPs of the prompt, a bar an account. */
const flopsByAccount = (look, width) => {
  const totals = figures.accounts.map(({ phases: [{ flops }] }) => flops.expected);
  const [size, unit] = flopsUnit(Math.max(...totals));
  const digits = Math.min(...totals) / size < 10 ? 2 : 1;
  return bars(look, width, accountNames(), [{
    name: unit,
    fill: '#2f86d6',
    room: 152,
    data: totals.map((flops) => flops / size),
  }], (value) => `${number(value, digits)} ${unit}, × ${number(value * size / totals[0], 2)}`,
  (value) => `${Number(value.toPrecision(2))} ${unit}`);
};

Object.assign(CHARTS, {
  shares: timeBesideFlops(0),
  'shares-decode': timeBesideFlops(1),
  'share-of-flops': shareOfFlops,
  components: shareByComponent,
  'flops-by-account': flopsByAccount,
});
