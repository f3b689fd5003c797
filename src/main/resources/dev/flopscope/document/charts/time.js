// Where the time of a profile goes, and how it went from repetition to repetition.

const signed = (share, digits) => `${share < 0 ? '−' : '+'}${number(100 * Math.abs(share), digits)} %`;

/** A panel a series over the repetitions, all on one relative scale, so that what drifts together is seen to. */
const repetitions = (look, width) => {
  const samples = figures.calibration_gflops_per_second_samples ?? [];
  const panels = [
    ...figures.phases.map(({ phase, wall_samples: wall }) =>
      ({ name: phase === 'decode' ? 'decoding' : 'pass', unit: 'ms', values: wall.map((seconds) => 1e3 * seconds) })),
    { name: 'machine', unit: 'GFLOP/s', values: samples },
  ].filter(({ values }) => values.length > 0)
    .map((panel) => ({ ...panel, middle: median(panel.values) }));
  const extent = Math.max(0.1, ...panels.flatMap(({ values, middle }) => values.map((value) => Math.abs(value / middle - 1))));
  // Nothing is below 0, which is 100 % less than the median.
  const range = extent > 1 ? Math.ceil(extent) : Math.ceil(10 * extent) / 10;
  const each = 150;
  const gap = 54;
  const digits = (middle) => (middle < 10 ? 3 : 1);
  return {
    height: 40 + panels.length * (each + gap),
    option: {
      grid: panels.map((panel, index) => ({ left: 74, right: 64, top: 30 + index * (each + gap), height: each })),
      tooltip: tooltip(look, ({ seriesIndex, data: [repetition, share] }) => {
        const { name, unit, middle } = panels[seriesIndex];
        return `repetition ${repetition}<br>${name}: ${number(middle * (1 + share), digits(middle))} ${unit}<br>`
          + `${signed(share, 1)} from the median`;
      }),
      xAxis: panels.map((panel, index) => axis(look, {
        type: 'value',
        gridIndex: index,
        min: 0.5,
        max: panel.values.length + 0.5,
        splitLine: { show: false },
        axisTick: { show: false },
        axisLabel: {
          color: look.soft,
          hideOverlap: true,
          customValues: panel.values.map((_, at) => at + 1),
          formatter: (value) => String(value),
        },
        name: index === panels.length - 1 ? 'repetition' : '',
        nameLocation: 'middle',
        nameGap: 26,
      })),
      yAxis: panels.map(({ name, unit, middle }, index) => axis(look, {
        type: 'value',
        gridIndex: index,
        name: `${name}, ${unit}`,
        nameLocation: 'end',
        nameTextStyle: { color: look.ink, align: 'left', padding: [0, 0, 0, -64] },
        min: Math.max(-1, -range),
        max: range,
        interval: range > 1 ? 1 : range / 2,
        axisLabel: { color: look.soft, formatter: (share) => (share === 0 ? number(middle, digits(middle)) : signed(share, 0)) },
      })),
      series: panels.map(({ name, values, middle }, index) => ({
        name,
        type: 'line',
        xAxisIndex: index,
        yAxisIndex: index,
        symbol: MARKS[index],
        symbolSize: 9,
        color: CURVES[index],
        lineStyle: { width: 2, type: STROKES[index] },
        markLine: {
          silent: true,
          symbol: 'none',
          lineStyle: { color: look.soft, type: 'dashed' },
          label: { color: look.soft, formatter: 'median' },
          data: [{ yAxis: 0 }],
        },
        data: values.map((value, at) => [at + 1, value / middle - 1]),
      })),
    },
  };
};

/** A bar a layer, stacked by kind and step; what is in no layer has an axis of its own, since it may take as long as all. */
const layers = (look, width) => {
  const { parts } = figures.phases[0].tree;
  const bars = parts.filter((part) => part.parts);
  const rest = parts.filter((part) => !part.parts);
  const stacked = [...new Set([...bars.flatMap((bar) => bar.parts), ...rest].map((part) => part.name))];
  const rows = legendRows(stacked, width);
  const right = width < NARROW ? 92 : 150;
  const value = (found, name) => (found.find((part) => part.name === name)?.nanoseconds ?? 0) / 1e6;
  const grid = { top: 34, bottom: 60 + 22 * rows };
  const categories = (index, name, data) => axis(look, {
    type: 'category',
    gridIndex: index,
    name,
    nameLocation: 'middle',
    nameGap: 28,
    axisLabel: { color: look.soft, hideOverlap: true },
    data,
  });
  const bar = (name, index, data) => ({
    name,
    type: 'bar',
    stack: `time ${index}`,
    xAxisIndex: index,
    yAxisIndex: index,
    barCategoryGap: '15%',
    barMaxWidth: 60,
    itemStyle: style(name, look),
    data,
  });
  return {
    height: 340 + 22 * rows,
    option: {
      grid: [{ ...grid, left: 52, right: right + 10 }, { ...grid, width: right - 56, right: 6 }],
      legend: legend(look, { data: stacked }),
      tooltip: tooltip(look, ({ name, seriesName, value: time, seriesIndex }) =>
        `${seriesIndex < stacked.length ? `layer ${name}` : 'in no layer'}<br>${seriesName}: ${milliseconds(time * 1e6)}`),
      xAxis: [
        categories(0, 'layer', bars.map((each) => each.name.replace('layers.', ''))),
        categories(1, '', ['no layer']),
      ],
      yAxis: [0, 1].map((index) => axis(look, { type: 'value', gridIndex: index, name: 'ms' })),
      series: [
        ...stacked.map((name) => bar(name, 0, bars.map((each) => value(each.parts, name)))),
        ...stacked.map((name) => bar(name, 1, [value(rest, name)])),
      ],
    },
  };
};

/** Areas of time: layers in their order and what is in them; a click fills the map with one of them. */
const map = (look, width) => {
  const { tree } = figures.phases[0];
  const node = (within) => (branch) => {
    const id = `${within}/${branch.name}`;
    return {
      id,
      name: branch.name,
      value: branch.nanoseconds,
      ...(branch.parts
        ? { children: branch.parts.map(node(id)), itemStyle: { color: look.line } }
        : { itemStyle: style(branch.name, look), label: { color: over(colour(branch.name)) } }),
    };
  };
  const crumb = { itemStyle: { color: look.line, textStyle: { color: look.ink } } };
  return {
    height: width < NARROW ? 560 : 620,
    clicked: (chart) => ({ treePathInfo: path, data }) => {
      // ECharts' own zoom keeps the shape of what was clicked, and so leaves a blank band beside it.
      const target = data?.children ? data.id : `/${path.slice(1, -1).map(({ name }) => name).join('/')}`;
      if (data && target !== '/') {
        chart.dispatchAction({ type: 'treemapRootToNode', seriesIndex: 0, targetNodeId: target });
      }
    },
    option: {
      tooltip: tooltip(look, ({ name, value, treePathInfo }) =>
        `${treePathInfo.slice(1).map((each) => each.name).join(' › ') || name}<br>${milliseconds(value)}, `
        + `${percent(value / tree.nanoseconds)} of the pass`),
      series: [{
        type: 'treemap',
        // A map has a default of its own, and paper does not wait for labels to fade in.
        animation: false,
        name: 'pass',
        roam: false,
        nodeClick: false,
        leafDepth: 2,
        sort: false,
        left: 0,
        right: 0,
        top: 0,
        bottom: 36,
        visibleMin: 1,
        breadcrumb: { ...crumb, emphasis: crumb },
        levels: [
          { itemStyle: { borderColor: look.paper, borderWidth: 2, gapWidth: 2 } },
          {
            itemStyle: { borderColor: look.line, borderWidth: 1, gapWidth: 0.5 },
            upperLabel: { show: true, height: 18, color: look.ink, fontSize: 11 },
          },
        ],
        label: { show: true, fontSize: 11, overflow: 'truncate', padding: 2 },
        data: tree.parts.map(node('')),
      }],
    },
  };
};

Object.assign(CHARTS, { repetitions, layers, map });
