'use strict';
// Draws every figure of the page from the JSON in it. Colours differ in hue by family and in lightness within one, and
// neighbours differ in pattern too, so that no chart is told apart by colour alone.
(() => {
  const figures = JSON.parse(document.getElementById('figures').textContent);
  const phases = figures.phases ?? [];
  const [prefill, decode] = phases;
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const LOOKS = {
    light: { ink: '#1a1d21', soft: '#565d66', line: '#d5dae0', paper: '#ffffff' },
    dark: { ink: '#e8eaed', soft: '#a9b0b8', line: '#363c44', paper: '#14171a' },
  };
  /** Widths of words are measured, so the fonts are named. */
  const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
  const NARROW = 560;
  const PAPER_WIDTH = 680;

  const PATTERNS = {
    lines: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 4 },
    counterlines: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [1, 4], rotation: -Math.PI / 4 },
    dots: { symbol: 'circle', dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [6, 0], symbolSize: 0.6 },
  };
  const COLOURS = {
    q_proj: ['#0b5cad'], k_proj: ['#2f86d6'], v_proj: ['#6cb0ee'], o_proj: ['#a9d3f7'],
    attn_scores: ['#c2570c', 'lines'], attn_values: ['#f0953f', 'lines'],
    ffn_gate: ['#00664d'], ffn_up: ['#1f9e7d'], ffn_down: ['#7fd1ba'],
    lm_head: ['#8a4fa3', 'dots'],
    embedding: ['#7b6a58'], norm: ['#f2d24b', 'dots'], rotary: ['#b59a2b', 'dots'],
    cache: ['#6f7d2e', 'dots'], 'last rows': ['#4b5320', 'dots'],
    softmax: ['#a3174d', 'counterlines'], gate: ['#d6699b', 'counterlines'], residual: ['#e7b3cb', 'counterlines'],
    waiting: ['#8c939c', 'dots'], unexplained: ['#c3c9d0', 'lines'],
  };
  const SYMBOLS = { large: 'circle', attention: 'diamond', skinny: 'triangle', vector: 'rect' };
  const DASHES = { large: [8, 4], attention: [2, 3], skinny: [12, 3, 2, 3], vector: [4, 8] };

  const number = (value, digits = 1) =>
    value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const percent = (share) => `${number(100 * share)} %`;
  const milliseconds = (nanoseconds) => `${number(nanoseconds / 1e6, nanoseconds < 1e7 ? 3 : 1)} ms`;

  const colour = (name) => (COLOURS[name] ?? ['#8c939c'])[0];
  const style = (name, look) => {
    const pattern = (COLOURS[name] ?? [])[1];
    return {
      color: colour(name),
      borderColor: look.paper,
      borderWidth: 0.5,
      decal: pattern ? { ...PATTERNS[pattern], color: 'rgba(0, 0, 0, 0.25)' } : undefined,
    };
  };
  /** Black or white, whichever is read more easily on the colour. */
  const over = (hex) => {
    const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
    return 0.299 * r + 0.587 * g + 0.114 * b > 140 ? '#000000' : '#ffffff';
  };

  const axis = (look, more) => ({
    axisLine: { show: true, lineStyle: { color: look.soft } },
    axisLabel: { color: look.soft },
    nameTextStyle: { color: look.soft },
    splitLine: { lineStyle: { color: look.line } },
    ...more,
  });
  const tooltip = (look, formatter) => ({
    confine: true,
    backgroundColor: look.paper,
    borderColor: look.line,
    textStyle: { color: look.ink },
    formatter,
  });
  const legend = (look, more) => ({ bottom: 0, left: 'center', textStyle: { color: look.ink }, ...more });

  /** Rows that a legend of these names takes. */
  const legendRows = (names, width) => {
    let rows = 1;
    let used = 0;
    for (const name of names) {
      const wide = 42 + 6.6 * name.length;
      if (used + wide > width && used > 0) {
        rows += 1;
        used = 0;
      }
      used += wide;
    }
    return rows;
  };

  /** Share of FLOPs and of time, a pair of bars a kind. */
  const shares = (look) => {
    const { wall, other } = prefill.seconds;
    const rows = prefill.sites
      .filter((site) => site.seconds !== undefined)
      .map((site) => ({ name: site.kind, flops: site.share_of_flops, time: site.share_of_time }));
    rows.push({ name: 'between products', flops: 0, time: other / wall });
    const series = (name, key, fill, pattern) => ({
      name,
      type: 'bar',
      barGap: '10%',
      itemStyle: { color: fill, decal: pattern ? { ...PATTERNS[pattern], color: 'rgba(0, 0, 0, 0.3)' } : undefined },
      label: { show: true, position: 'right', color: look.ink, formatter: ({ value }) => percent(value) },
      data: rows.map((row) => row[key]),
    });
    return {
      height: 90 + 44 * rows.length,
      option: {
        grid: { left: 120, right: 60, top: 10, bottom: 60 },
        legend: legend(look, {}),
        tooltip: tooltip(look, ({ name, seriesName, value }) => `${name}<br>${seriesName}: ${percent(value)}`),
        xAxis: axis(look, { type: 'value', axisLabel: { color: look.soft, formatter: (value) => `${number(100 * value, 0)} %` } }),
        yAxis: axis(look, {
          type: 'category',
          inverse: true,
          axisTick: { show: false },
          axisLabel: { color: look.ink },
          data: rows.map((row) => row.name),
        }),
        series: [series('of FLOPs', 'flops', '#2f86d6'), series('of time', 'time', '#f0953f', 'lines')],
      },
    };
  };

  /** Lays labels out so that none covers another or a point: as near to their points as is free, with a line to them. */
  const apart = (width, points) => {
    const placed = new Map();
    const covers = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
    return ({ seriesIndex, dataIndex, rect, labelRect }) => {
      const key = `${seriesIndex} ${dataIndex}`;
      const taken = [...points, ...[...placed].filter(([other]) => other !== key).map(([, box]) => box)];
      // When a chart is drawn anew, labelRect is where the label was moved to before; the point's own place stays.
      const height = labelRect.height + 4;
      const middle = rect.y + (rect.height - height) / 2;
      const sides = [rect.x + rect.width + 10, rect.x - labelRect.width - 10];
      const boxes = Array.from({ length: 30 }, (_, step) => (step % 2 ? -1 : 1) * Math.ceil(step / 2) * height / 2)
        .flatMap((dy) => sides.map((x) => ({ x, y: middle + dy, width: labelRect.width, height })));
      const inside = ({ x }) => x > 0 && x + labelRect.width < width;
      const box = boxes.find((each) => inside(each) && !taken.some((other) => covers(each, other))) ?? boxes[0];
      placed.set(key, box);
      return { x: box.x, y: box.y + height / 2, align: 'left', verticalAlign: 'middle' };
    };
  };

  const powerOf2Below = (value) => 2 ** Math.floor(Math.log2(value));
  const powerOf2Above = (value) => 2 ** Math.ceil(Math.log2(value));

  const tick = (value) => (value >= 1 ? number(value, 0) : String(Number(value.toPrecision(2))));
  const logarithmic = (look, name, min, max, nameGap) => axis(look, {
    type: 'log',
    // From ten steps on, ECharts would label each tenth.
    logBase: max / min < 2 ** 10 ? 2 : 4,
    name,
    nameLocation: 'middle',
    nameGap,
    min,
    max,
    axisLabel: { color: look.soft, formatter: tick, hideOverlap: true },
  });

  /** Williams et al. 2009: attainable GFLOP/s over FLOPs a byte, and where each kind is. */
  const roofline = (look, width) => {
    const [{ gflops_per_second: peak, bytes_per_second: bandwidth, balance_flops_per_byte: balance }] = figures.rooflines;
    const slope = bandwidth / 1e9;
    const kinds = phases.flatMap(({ phase, sites }) => sites.map((site) => ({ ...site, phase })))
      .filter((site) => site.gflops_per_second > 0);
    // A kind of several classes, as at the edge of a context, is drawn in the first.
    const classes = [...new Set(kinds.map((site) => site.shape_classes[0]))];
    const ceilings = figures.ceilings.filter((each) => classes.includes(each.shape_class));
    const left = powerOf2Below(Math.min(balance, ...kinds.map((site) => site.intensity)) / 2);
    const right = powerOf2Above(Math.max(balance, ...kinds.map((site) => site.intensity)) * 2);
    const bottom = powerOf2Below(
      Math.min(...kinds.map((site) => site.gflops_per_second), ...ceilings.map((each) => each.median)) / 2);
    const top = powerOf2Above(peak * 1.05);
    const start = Math.max(left, bottom / slope);
    const line = (name, data, lineStyle, more) => ({ name, type: 'line', symbol: 'none', silent: true, data, lineStyle, ...more });
    const roof = line(
      'roofline',
      [[start, start * slope], [balance, peak], [right, peak]],
      { color: look.ink, width: 2.5 },
      { itemStyle: { color: look.ink } });
    const flat = ceilings.map((each) => line(
      `${each.shape_class} ceiling`,
      [[Math.max(left, each.median / slope), each.median], [right, each.median]],
      { color: look.soft, width: 1.5, type: DASHES[each.shape_class] },
      { itemStyle: { color: look.soft } }));
    const series = [...new Set(kinds.map((site) => [site.phase, site.shape_classes[0]].join()))]
      .map((each) => each.split(','))
      .map(([phase, shapeClass]) => ({
        phase,
        shapeClass,
        name: decode ? `${phase}, ${shapeClass} products` : `${shapeClass} products`,
        sites: kinds.filter((site) => site.phase === phase && site.shape_classes[0] === shapeClass),
      }));
    const rows = legendRows([roof, ...flat, ...series].map(({ name }) => name), width);
    const height = 420 + 22 * rows;
    const grid = { left: 62, right: 20, top: 20, bottom: 65 + 22 * rows };
    const part = (value, low, high) => Math.log2(value / low) / Math.log2(high / low);
    const labelLayout = apart(width, kinds.map((site) => ({
      x: grid.left + part(site.intensity, left, right) * (width - grid.left - grid.right) - 7,
      y: height - grid.bottom - part(site.gflops_per_second, bottom, top) * (height - grid.top - grid.bottom) - 7,
      width: 14,
      height: 14,
    })));
    // Hollow, so that the same kind in the same class can be told apart by its phase.
    const mark = (phase, ink, edge) =>
      (phase === 'decode' ? { color: look.paper, borderColor: ink, borderWidth: 3 } : { color: ink, borderColor: edge, borderWidth: 1 });
    const points = series.map(({ phase, shapeClass, name, sites }) => ({
      name,
      type: 'scatter',
      symbol: SYMBOLS[shapeClass],
      symbolSize: 13,
      itemStyle: mark(phase, look.soft, look.soft),
      labelLayout,
      labelLine: { show: true, lineStyle: { color: look.soft } },
      label: {
        show: true,
        position: 'right',
        distance: 10,
        color: look.ink,
        textBorderColor: look.paper,
        textBorderWidth: 3,
        formatter: ({ data }) => data.name,
      },
      data: sites.map((site) => ({
        name: site.kind,
        value: [site.intensity, site.gflops_per_second],
        itemStyle: mark(phase, colour(site.kind), look.ink),
      })),
    }));
    const names = [
      ...[roof, ...flat].map(({ name }) => ({ name, itemStyle: { opacity: 0 } })),
      ...points.map(({ name }) => ({ name })),
    ];
    return {
      height,
      option: {
        grid,
        legend: legend(look, { data: names }),
        tooltip: tooltip(look, ({ data, seriesName }) =>
          `${data.name}<br>${seriesName}<br>${number(data.value[0], 2)} FLOPs a byte<br>${number(data.value[1])} GFLOP/s`),
        xAxis: logarithmic(look, 'FLOPs a byte', left, right, 28),
        yAxis: logarithmic(look, 'GFLOP/s', bottom, top, 42),
        series: [roof, ...flat, ...points],
      },
    };
  };

  /** A bar a layer, stacked by kind and step; beside them what is in no layer. */
  const layers = (look, width) => {
    const { parts } = prefill.tree;
    const bars = [...parts.filter((part) => part.parts), { name: 'no layer', parts: parts.filter((part) => !part.parts) }];
    const names = [...new Set(bars.flatMap((bar) => bar.parts.map((part) => part.name)))];
    const rows = legendRows(names, width);
    return {
      height: 340 + 22 * rows,
      option: {
        grid: { left: 62, right: 10, top: 30, bottom: 60 + 22 * rows },
        legend: legend(look, {}),
        tooltip: tooltip(look, ({ name, seriesName, value }) =>
          `${name.startsWith('no') ? name : `layer ${name}`}<br>${seriesName}: ${milliseconds(value * 1e6)}`),
        xAxis: axis(look, {
          type: 'category',
          name: 'layer',
          nameLocation: 'middle',
          nameGap: 28,
          axisLabel: { color: look.soft, hideOverlap: true },
          data: bars.map((bar) => bar.name.replace('layers.', '')),
        }),
        yAxis: axis(look, { type: 'value', name: 'ms' }),
        series: names.map((name) => ({
          name,
          type: 'bar',
          stack: 'time',
          barCategoryGap: '15%',
          itemStyle: style(name, look),
          data: bars.map((bar) => (bar.parts.find((part) => part.name === name)?.nanoseconds ?? 0) / 1e6),
        })),
      },
    };
  };

  /** Areas of time: layers and what is in them. */
  const map = (look, width) => {
    const node = (branch) => ({
      name: branch.name,
      value: branch.nanoseconds,
      ...(branch.parts
        ? { children: branch.parts.map(node), itemStyle: { color: look.line } }
        : { itemStyle: style(branch.name, look), label: { color: over(colour(branch.name)) } }),
    });
    return {
      height: width < NARROW ? 560 : 620,
      option: {
        tooltip: tooltip(look, ({ name, value, treePathInfo }) =>
          `${treePathInfo.slice(1).map((each) => each.name).join(' › ') || name}<br>${milliseconds(value)}, `
          + `${percent(value / prefill.tree.nanoseconds)} of the pass`),
        series: [{
          type: 'treemap',
          // A map has a default of its own, and paper does not wait for labels to fade in.
          animation: false,
          name: 'pass',
          roam: false,
          left: 0,
          right: 0,
          top: 0,
          bottom: 36,
          visibleMin: 1,
          breadcrumb: { itemStyle: { color: look.line, textStyle: { color: look.ink } }, emphasis: { itemStyle: { color: look.line, textStyle: { color: look.ink } } } },
          levels: [
            { itemStyle: { borderColor: look.paper, borderWidth: 2, gapWidth: 2 } },
            {
              itemStyle: { borderColor: look.line, borderWidth: 1, gapWidth: 0.5 },
              upperLabel: { show: true, height: 18, color: look.ink, fontSize: 11 },
            },
          ],
          label: { show: true, fontSize: 11, overflow: 'truncate', padding: 2 },
          data: prefill.tree.parts.map(node),
        }],
      },
    };
  };

  const tile = ({ query_tile: rows, key_tile: columns }) => `${rows}×${columns}`;
  const severalTiles = new Set((figures.rows ?? []).map(({ attention }) => attention)
    .filter(({ algorithm }) => algorithm !== 'full')
    .map(tile)).size > 1;

  /** What rows that differ in the context alone are called, by the settings that they share. */
  const named = (model, attention, batch, threads) => `${model}, ${attention.algorithm}`
    + `${severalTiles && attention.algorithm !== 'full' ? ` ${tile(attention)}` : ''}, batch ${batch}, `
    + `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  const family = ({ model, attention, batch, engine }) => named(model.name, attention, batch, engine.threads);
  const CURVES = ['#2f86d6', '#c2570c', '#1f9e7d', '#8a4fa3', '#b59a2b', '#a3174d'];
  const MARKS = ['circle', 'triangle', 'rect', 'diamond', 'roundRect', 'pin'];
  const STROKES = ['solid', 'dashed', 'dotted'];

  /** A curve a family over T; with the exponent that was fitted to it, where one was. */
  const curves = (label, figure, exponent) => (look, width) => {
    const rows = figures.rows.filter((row) => row.seconds && figure(row) > 0);
    const names = [...new Set(rows.map(family))];
    const fitted = (name) => {
      const found = exponent && figures.exponents?.find((each) => named(each.model, each, each.batch, each.threads) === name);
      return found ? `${name}: T^${number(found[exponent].exponent, 2)}` : name;
    };
    const contexts = rows.map((row) => row.context);
    const values = rows.map(figure);
    const lines = legendRows(names.map(fitted), width);
    return {
      height: 380 + 22 * lines,
      option: {
        grid: { left: 66, right: 20, top: 20, bottom: 65 + 22 * lines },
        legend: legend(look, { textStyle: { color: look.ink, width: width - 60, overflow: 'break' } }),
        tooltip: tooltip(look, ({ seriesName, data }) => `${seriesName}<br>T ${number(data[0], 0)}: ${number(data[1], 3)} ${label}`),
        xAxis: logarithmic(look, 'T', powerOf2Below(Math.min(...contexts)), powerOf2Above(Math.max(...contexts)), 28),
        yAxis: logarithmic(look, label, powerOf2Below(Math.min(...values)), powerOf2Above(Math.max(...values)), 46),
        series: names.map((name, index) => ({
          name: fitted(name),
          type: 'line',
          symbol: MARKS[index % MARKS.length],
          symbolSize: 9,
          color: CURVES[index % CURVES.length],
          lineStyle: { width: 2, type: STROKES[index % STROKES.length] },
          data: rows.filter((row) => family(row) === name)
            .map((row) => [row.context, figure(row)])
            .sort((one, other) => one[0] - other[0]),
        })),
      },
    };
  };

  const CHARTS = {
    shares,
    roofline,
    layers,
    map,
    seconds: curves('seconds', (row) => row.seconds.median, 'time'),
    gflops: curves('GFLOPs', (row) => row.flops.counted / 1e9, 'counted'),
    rate: curves('GFLOP/s', (row) => row.gflops_per_second),
  };
  const drawn = [...document.querySelectorAll('figure[data-chart]')].map((figure) => {
    const canvas = figure.querySelector('.canvas');
    canvas.hidden = false;
    return { canvas, draw: CHARTS[figure.dataset.chart] };
  });

  /** Draws everything in a look, at a width or at that of the page. */
  const drawAll = (look, width) => {
    for (const { canvas, draw } of drawn) {
      // Anew, since a chart that is drawn again remembers where its labels were moved to.
      echarts.getInstanceByDom(canvas)?.dispose();
      const { height, option } = draw(look, width ?? canvas.clientWidth);
      const chart = echarts.init(canvas, null, { renderer: 'svg', width: width ?? canvas.clientWidth, height });
      chart.setOption({ animation: false, textStyle: { fontFamily: FONT }, ...option });
    }
  };
  const show = () => drawAll(dark.matches ? LOOKS.dark : LOOKS.light);

  show();
  dark.addEventListener('change', show);
  let width = window.innerWidth;
  window.addEventListener('resize', () => {
    if (window.innerWidth !== width) {
      width = window.innerWidth;
      show();
    }
  });
  window.addEventListener('beforeprint', () => drawAll(LOOKS.light, PAPER_WIDTH));
  window.addEventListener('afterprint', show);
})();
