/* Draw the charts of the page from the JSON the server put into it. Formats as the server does. */
"use strict";
(() => {
  const lang = document.documentElement.lang === "en" ? "en" : "vi";
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim(); // live: it follows the colour scheme
  const colours = () => ["--c1", "--c2", "--c3", "--c4"].map(colour);
  const DASHES = [[], [7, 3], [2, 3], [9, 3, 2, 3]];
  const BYTES = ["B", "KB", "MB", "GB", "TB"];
  const SCALES = {
    "bytes": [1024, BYTES],
    "bytes/s": [1024, BYTES.map((name) => name + "/s")],
    "bits/s": [1000, ["bit/s", "kbit/s", "Mbit/s", "Gbit/s"]],
  };
  const ZONE = "Asia/Ho_Chi_Minh";
  const drawn = [];
  let part = null; /* what somebody looks at closely, the same in all charts, kept while new values come */

  function zoom(chosen) {
    part = chosen;
    for (const {plot, full} of drawn) {
      plot.setSelect({left: 0, top: 0, width: 0, height: 0}, false);
      plot.setScale("x", {min: (part || full)[0], max: (part || full)[1]});
    }
  }

  const number = (value, digits) => value.toLocaleString(lang, {maximumFractionDigits: digits});

  function amount(value, unit) {
    if (value === null || value === undefined) return "–";
    if (unit === "count") return number(value, 1);
    if (unit === "ratio") return number(value * 100, value < 0.1 ? 1 : 0) + "%";
    const [step, names] = SCALES[unit];
    let power = 0;
    for (; Math.abs(value) >= step && power < names.length - 1; power++) value /= step;
    return number(value, Math.abs(value) >= 100 ? 0 : 1) + " " + names[power];
  }

  function clock(seconds, withDay) {
    const parts = {hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: ZONE};
    const time = new Date(seconds * 1000).toLocaleTimeString("en-GB", parts);
    const day = {day: "2-digit", month: "2-digit", timeZone: ZONE};
    return withDay ? new Date(seconds * 1000).toLocaleDateString("en-GB", day) + " " + time : time;
  }

  /* Round marks of the axis, in powers of 1024 for bytes. */
  function marks(unit, top) {
    let scale = 1;
    if (SCALES[unit]) for (; top / scale >= SCALES[unit][0]; scale *= SCALES[unit][0]);
    const rough = top / scale / 4;
    const ten = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 2.5, 5, 10].find((one) => one * ten >= rough) * ten * scale;
    const found = [];
    for (let mark = 0; mark <= top * 1.001; mark += step) found.push(mark);
    return found;
  }

  /* Shade what has no reading: longer than a hole before, between or after known values. */
  function hatch(plot, isKnown, quiet) {
    const {ctx, bbox} = plot;
    const [times] = plot.data;
    const right = Math.min(plot.scales.x.max, Date.now() / 1000);
    let from = null;
    const holes = [];
    times.forEach((time, index) => {
      if (isKnown[index]) { if (from !== null) holes.push([from, time]); from = null; }
      else if (from === null) from = index ? times[index - 1] : time;
    });
    const last = isKnown.lastIndexOf(true);
    if (last >= 0 && right - times[last] > quiet) holes.push([times[last], right]);
    ctx.save();
    ctx.strokeStyle = colour("--hatch");
    ctx.lineWidth = devicePixelRatio;
    for (const [start, end] of holes) {
      const x0 = Math.max(bbox.left, plot.valToPos(start, "x", true));
      const x1 = Math.min(bbox.left + bbox.width, plot.valToPos(end, "x", true));
      if (x1 - x0 < 2) continue;
      ctx.save();
      ctx.beginPath();
      ctx.rect(x0, bbox.top, x1 - x0, bbox.height);
      ctx.clip();
      ctx.fillStyle = colour("--hole");
      ctx.fill();
      ctx.beginPath();
      for (let x = x0 - bbox.height; x < x1; x += 8 * devicePixelRatio) {
        ctx.moveTo(x, bbox.top + bbox.height);
        ctx.lineTo(x + bbox.height, bbox.top);
      }
      ctx.stroke();
      ctx.restore();
    }
    ctx.restore();
  }

  function one(box, values) {
    let time = 0;
    const times = values.t.map((step) => (time += step));
    const columns = values.lines.map((line) => line.v);
    const isKnown = times.map((_, index) => columns.some((column) => column[index] !== null));
    const highest = Math.max(...columns.flat().filter((value) => value !== null), 0);
    const floor = values.unit === "ratio" ? 0.01 : SCALES[values.unit] ? SCALES[values.unit][0] : 1;
    const top = values.top || Math.max(highest * 1.15, floor);
    const isFar = values.x[1] - values.x[0] > 2 * 86400;
    const isDay = values.x[1] - values.x[0] > 6 * 3600;
    const COLOURS = colours();
    const font = "12px " + getComputedStyle(document.body).fontFamily;
    const axis = {stroke: colour("--axis"), font, grid: {stroke: colour("--rule"), width: 1}, ticks: {show: false}};
    const readout = document.createElement("div");
    readout.className = "readout";
    const options = {
      width: box.clientWidth, height: 170,
      legend: {show: false},
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), ZONE),
      padding: [8, 20, 0, 0],
      cursor: {drag: {x: true, y: false, setScale: false, dist: 8}, points: {size: 7}, sync: {key: "page"}, bind: {dblclick: () => () => zoom(null)}},
      scales: {x: {range: () => part || values.x}, y: {range: () => [0, top]}},
      axes: [
        {...axis, space: 64, size: 26, values: (_, at) => at.map((seconds) => isFar && !part ? clock(seconds, true).slice(0, 5) : clock(seconds, false))},
        {...axis, size: values.unit === "ratio" ? 52 : 78, splits: () => marks(values.unit, top), values: (_, at) => at.map((value) => amount(value, values.unit))},
      ],
      series: [{}, ...values.lines.map((line, index) => ({
        label: line.label, spanGaps: values.daily, stroke: COLOURS[index], width: 1.8, dash: DASHES[index],
        fill: values.lines.length === 1 ? COLOURS[0] + "18" : undefined,
        points: {show: isKnown.filter(Boolean).length < 40, size: 5, fill: COLOURS[index]},
      }))],
      hooks: {
        drawAxes: [(plot) => { if (!values.daily) hatch(plot, isKnown, values.quiet); }],
        setSelect: [(plot) => {
          const {left, width} = plot.select;
          if (width > 8) zoom([plot.posToVal(left, "x"), plot.posToVal(left + width, "x")]);
        }],
        setCursor: [(plot) => {
          const index = plot.cursor.idx;
          readout.textContent = index === null || index === undefined || plot.cursor.left < 0 ? "" :
            clock(times[index], isDay).slice(0, values.daily ? 5 : undefined) + "  " +
            values.lines.map((line, i) => line.label + " " + amount(columns[i][index], values.unit)).join("  ·  ");
        }],
      },
    };
    const plot = new uPlot(options, [times, ...columns], box);
    box.append(readout);
    box.dataset.points = String(isKnown.filter(Boolean).length);
    drawn.push({box, plot, full: values.x});
  }

  function draw() {
    for (const {plot} of drawn.splice(0)) plot.destroy();
    const source = document.getElementById("chart-values");
    if (!source) return;
    const all = JSON.parse(source.textContent);
    for (const box of document.querySelectorAll("[data-chart]")) one(box, all[box.dataset.chart]);
  }

  addEventListener("resize", () => {
    for (const {box, plot} of drawn) plot.setSize({width: box.clientWidth, height: 170});
  });
  document.addEventListener("machxa:values", draw);
  draw();
})();
