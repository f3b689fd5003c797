// Williams et al. 2009: attainable GFLOP/s over FLOPs a byte.
const SYMBOLS = { large: 'circle', attention: 'diamond', skinny: 'triangle', vector: 'rect' };
const DASHES = { large: [8, 4], attention: [2, 3], skinny: [12, 3, 2, 3], vector: [4, 8] };

/** Lays labels out so that none covers another, a point or, if it can be helped, a line: as near to their points as is free. */
const apart = (inside, points, lines) => {
  const placed = new Map();
  const covers = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
  return ({ seriesIndex, dataIndex, rect, labelRect }) => {
    const key = `${seriesIndex} ${dataIndex}`;
    const taken = [...points, ...[...placed].filter(([other]) => other !== key).map(([, box]) => box)];
    // When a chart is drawn anew, labelRect is where the label was moved to before; the point's own place stays.
    const height = labelRect.height + 4;
    const middle = rect.y + (rect.height - height) / 2;
    const sides = [rect.x + rect.width + 10, rect.x - labelRect.width - 10];
    const boxes = Array.from({ length: 40 }, (_, step) => (step % 2 ? -1 : 1) * Math.ceil(step / 2) * height / 2)
      .flatMap((dy) => sides.map((x) => ({ x, y: middle + dy, width: labelRect.width, height })))
      .filter(({ x, y }) => x > inside.left && x + labelRect.width < inside.right && y > inside.top && y + height < inside.bottom);
    const free = (obstacles) => boxes.find((box) => !obstacles.some((other) => covers(box, other)));
    const box = free([...taken, ...lines]) ?? free(taken) ?? { x: sides[0], y: middle };
    placed.set(key, box);
    return { x: box.x, y: box.y + height / 2, align: 'left', verticalAlign: 'middle' };
  };
};

/** The plane of a roofline: its axes, and places on it in pixels. */
const plane = (look, width, [left, right], [bottom, top], rows) => {
  const height = 420 + 22 * rows;
  const grid = { left: 62, right: 20, top: 20, bottom: 65 + 22 * rows };
  const inside = { left: grid.left, right: width, top: 0, bottom: height - grid.bottom };
  const part = (value, low, high) => Math.log2(value / low) / Math.log2(high / low);
  const place = ([intensity, rate]) => [
    grid.left + part(intensity, left, right) * (width - grid.left - grid.right),
    height - grid.bottom - part(rate, bottom, top) * (height - grid.top - grid.bottom),
  ];
  const box = ([x, y], size) => ({ x: x - size / 2, y: y - size / 2, width: size, height: size });
  /** Small boxes all along a line. */
  const along = (line) => line.slice(1).flatMap((to, index) => {
    const [[x1, y1], [x2, y2]] = [place(line[index]), place(to)];
    const steps = Math.ceil(Math.hypot(x2 - x1, y2 - y1) / 4) + 1;
    return Array.from({ length: steps }, (_, step) => box([x1 + (x2 - x1) * step / steps, y1 + (y2 - y1) * step / steps], 4));
  });
  return {
    height,
    labelLayout: (points, lines) => apart(inside, points.map((point) => box(place(point), 14)), lines.flatMap(along)),
    axes: {
      grid,
      xAxis: logarithmic(look, 'FLOPs a byte', left, right, 28),
      yAxis: logarithmic(look, 'GFLOP/s', bottom, top, 42),
    },
  };
};

const stroke = (name, ink, data, lineStyle) =>
  ({ name, type: 'line', symbol: 'none', silent: true, data, lineStyle: { color: ink, ...lineStyle }, itemStyle: { color: ink } });
/** Up the slope of a bandwidth to a rate, and on at that rate. */
const upAndAlong = (slope, rate, [left, right], [bottom]) => {
  const start = Math.max(left, bottom / slope);
  return rate > start * slope ? [[start, start * slope], [rate / slope, rate], [right, rate]] : [[left, rate], [right, rate]];
};
/** Lines have no symbol in a legend, points have theirs. */
const legendOf = (look, lines, points) => legend(look, {
  data: [...lines.map(({ name }) => ({ name, itemStyle: { opacity: 0 } })), ...points.map(({ name }) => ({ name }))],
});
const labelOf = (look) => ({
  show: true,
  position: 'right',
  distance: 10,
  color: look.ink,
  textBorderColor: look.paper,
  textBorderWidth: 3,
  formatter: ({ data }) => data.name,
});
/** Hollow, so that the same thing can be told apart by its phase or by its threads. */
const mark = (look, hollow, ink, edge) =>
  (hollow ? { color: look.paper, borderColor: ink, borderWidth: 3 } : { color: ink, borderColor: edge, borderWidth: 1 });

/** The roofline and where each kind of product is under it. */
const roofline = (look, width) => {
  const [{ gflops_per_second: peak, bytes_per_second: bandwidth, balance_flops_per_byte: balance }] = figures.rooflines;
  const slope = bandwidth / 1e9;
  const decodes = figures.phases.length > 1;
  const kinds = figures.phases.flatMap(({ phase, sites }) => sites.map((site) => ({ ...site, phase })))
    .filter((site) => site.gflops_per_second > 0);
  // A kind of several classes, as at the edge of a context, is drawn in the first.
  const classes = [...new Set(kinds.map((site) => site.shape_classes[0]))];
  const ceilings = figures.ceilings.filter((each) => classes.includes(each.shape_class));
  const xs = [
    powerOf2Below(Math.min(balance, ...kinds.map((site) => site.intensity)) / 2),
    powerOf2Above(Math.max(balance, ...kinds.map((site) => site.intensity)) * 2),
  ];
  const ys = [
    powerOf2Below(Math.min(...kinds.map((site) => site.gflops_per_second), ...ceilings.map((each) => each.median)) / 2),
    powerOf2Above(peak * 1.05),
  ];
  const lines = [
    stroke('roofline', look.ink, upAndAlong(slope, peak, xs, ys), { width: 2.5 }),
    ...ceilings.map((each) => stroke(
      `${each.shape_class} ceiling`,
      look.soft,
      [[Math.max(xs[0], each.median / slope), each.median], [xs[1], each.median]],
      { width: 1.5, type: DASHES[each.shape_class] })),
  ];
  const series = [...new Set(kinds.map((site) => [site.phase, site.shape_classes[0]].join()))]
    .map((each) => each.split(','))
    .map(([phase, shapeClass]) => ({
      phase,
      shapeClass,
      name: decodes ? `${phase}, ${shapeClass} products` : `${shapeClass} products`,
      sites: kinds.filter((site) => site.phase === phase && site.shape_classes[0] === shapeClass),
    }));
  const { height, axes, labelLayout } = plane(look, width, xs, ys, legendRows([...lines, ...series].map(({ name }) => name), width));
  const layout = labelLayout(
    kinds.map((site) => [site.intensity, site.gflops_per_second]),
    lines.map(({ data }) => data));
  const points = series.map(({ phase, shapeClass, name, sites }) => ({
    name,
    type: 'scatter',
    symbol: SYMBOLS[shapeClass],
    symbolSize: 13,
    itemStyle: mark(look, phase === 'decode', look.soft, look.soft),
    labelLayout: layout,
    labelLine: { show: true, lineStyle: { color: look.soft } },
    label: labelOf(look),
    data: sites.map((site) => ({
      name: site.kind,
      value: [site.intensity, site.gflops_per_second],
      site,
      itemStyle: mark(look, phase === 'decode', colour(site.kind), look.ink),
    })),
  }));
  return {
    height,
    option: {
      ...axes,
      legend: legendOf(look, lines, points),
      tooltip: tooltip(look, ({ data: { name, site }, seriesName }) => [
        name,
        seriesName,
        `${number(site.intensity, 2)} FLOPs a byte`,
        `${number(site.gflops_per_second)} GFLOP/s reached`,
        `${number(site.ceiling_gflops_per_second)} GFLOP/s is its ceiling: what products of its class reach here`,
        `${number(1e3 * site.excess_seconds, 2)} ms beyond what it would take at its ceiling`,
      ].join('<br>')),
      series: [...lines, ...points],
    },
  };
};

/** Rates that the machine reached: the roofline for each number of threads, and products of each class under it. */
const measuredCeilings = (look, width) => {
  const most = Math.max(...figures.rooflines.map(({ threads }) => threads));
  const threads = (count) => (figures.rooflines.length > 1 ? `, ${count} ${count === 1 ? 'thread' : 'threads'}` : '');
  const products = figures.ceilings.filter((each) => each.ceiling === 'product');
  const intensities = [...products.map((each) => each.flops_per_byte), ...figures.rooflines.map((each) => each.balance_flops_per_byte)];
  const xs = [powerOf2Below(Math.min(...intensities) / 2), powerOf2Above(Math.max(...intensities) * 2)];
  const ys = [
    powerOf2Below(Math.min(...products.map((each) => each.median)) / 2),
    powerOf2Above(Math.max(...figures.rooflines.map((each) => each.gflops_per_second)) * 1.05),
  ];
  const rates = figures.ceilings.filter((each) => each.threads === most);
  const fastest = figures.rooflines.find((each) => each.threads === most);
  const others = rates.filter((each) => each.unit === 'GB/s' && !fastest.bytes_reached_by.startsWith(each.ceiling));
  const multiplyAdds = rates.filter((each) => each.ceiling === 'multiply-adds' && !fastest.gflops_reached_by.startsWith(each.ceiling));
  const lines = [
    ...figures.rooflines.map((each) => stroke(
      `roofline${threads(each.threads)}`,
      look.ink,
      upAndAlong(each.bytes_per_second / 1e9, each.gflops_per_second, xs, ys),
      each.threads === most ? { width: 2.5 } : { width: 2, type: [8, 4] })),
    ...others.map((each, index) => stroke(
      `memory, ${each.ceiling}`,
      look.soft,
      upAndAlong(each.best, fastest.gflops_per_second, xs, ys).slice(0, 2),
      { width: 1.5, type: [[2, 3], [12, 3, 2, 3]][index % 2] })),
    ...multiplyAdds.map((each) => stroke(
      'multiply-adds',
      look.soft,
      [[each.best / (fastest.bytes_per_second / 1e9), each.best], [xs[1], each.best]],
      { width: 1.5, type: [4, 8] })),
  ];
  const series = figures.rooflines.map((each) => each.threads).flatMap((count) => Object.keys(SYMBOLS).map((shapeClass) => ({
    name: `${shapeClass} products${threads(count)}`,
    hollow: count !== most,
    shapeClass,
    found: products.filter((each) => each.threads === count && each.shape_class === shapeClass),
  })));
  const { height, axes, labelLayout } = plane(look, width, xs, ys, legendRows([...lines, ...series].map(({ name }) => name), width));
  const layout = labelLayout(products.map((each) => [each.flops_per_byte, each.median]), lines.map(({ data }) => data));
  const points = series.map(({ name, hollow, shapeClass, found }, index) => {
    const ink = CURVES[Object.keys(SYMBOLS).indexOf(shapeClass)];
    return {
      name,
      type: 'scatter',
      symbol: SYMBOLS[shapeClass],
      symbolSize: 13,
      itemStyle: mark(look, hollow, ink, look.ink),
      labelLayout: layout,
      labelLine: { show: true, lineStyle: { color: look.soft } },
      label: labelOf(look),
      data: found.map((each) => ({ name: `${number(each.median, 0)} ${shapeClass}`, value: [each.flops_per_byte, each.median], each })),
    };
  });
  return {
    height,
    option: {
      ...axes,
      legend: legendOf(look, lines, points),
      tooltip: tooltip(look, ({ data: { each }, seriesName }) => [
        seriesName,
        `(${each.m}×${each.k})·(${each.k}×${each.n})`,
        `${number(each.flops_per_byte, 2)} FLOPs a byte`,
        `${number(each.median)} GFLOP/s, the median of ${each.samples}; at best ${number(each.best)}`,
      ].join('<br>')),
      series: [...lines, ...points],
    },
  };
};

Object.assign(CHARTS, { roofline, ceilings: measuredCeilings });
