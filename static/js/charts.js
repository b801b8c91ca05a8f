/* Draws the charts. Their numbers also stand in the table beside, so a page without this loses nothing. */
"use strict";

(function () {
  var COLORS = ["#a61c1c", "#4a6fa5", "#8f98a3"];
  /* The first series is plain, the others carry lines and dots: told apart in grey as well. */
  var DECALS = [
    undefined,
    { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 6], rotation: -Math.PI / 4, color: "rgba(255, 255, 255, 0.55)" },
    { symbol: "circle", symbolSize: 0.6, dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [5, 0], color: "rgba(0, 0, 0, 0.35)" },
  ];
  var TEXT = { color: "#1f2328", fontSize: 13 };

  function shown(item) {
    return item.value ? String(item.value) : "";
  }

  /* Common to all: no motion, patterns besides colours, tool tips without HTML (the policy blocks it). */
  function common(data, extra) {
    return Object.assign({
      animation: false,
      color: COLORS,
      aria: { enabled: true },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" } },
      legend: data.series.length > 1 ? { top: 0, left: 0, textStyle: TEXT } : undefined,
      grid: { left: 8, right: 36, top: data.series.length > 1 ? 36 : 8, bottom: 8, containLabel: true },
    }, extra);
  }

  function across(data, stacked) {
    return common(data, {
      xAxis: { type: "value", minInterval: 1, axisLabel: TEXT },
      yAxis: { type: "category", data: data.labels, inverse: true, axisTick: { show: false }, axisLabel: Object.assign({ interval: 0 }, TEXT) },
      series: data.series.map(function (one, n) {
        return {
          type: "bar",
          name: one.name,
          itemStyle: { decal: DECALS[n % 3] },
          data: one.values,
          stack: stacked ? "all" : undefined,
          barMaxWidth: 22,
          label: {
            show: true,
            position: stacked ? "inside" : "right",
            formatter: shown,
            color: "#1f2328",
            textBorderColor: "#fff",
            textBorderWidth: stacked ? 4 : 0,
            fontWeight: stacked ? "bold" : "normal",
            fontSize: 13,
          },
        };
      }),
    });
  }

  var SHAPES = ["circle", "rect", "triangle"];
  var DASHES = ["solid", "dashed", "dotted"];

  function lines(data) {
    return common(data, {
      xAxis: { type: "category", data: data.labels, axisLabel: TEXT },
      yAxis: { type: "value", minInterval: 1, axisLabel: TEXT },
      series: data.series.map(function (one, n) {
        return {
          type: "line",
          name: one.name,
          data: one.values,
          symbol: SHAPES[n % 3],
          symbolSize: 8,
          lineStyle: { width: 2, type: DASHES[n % 3] },
        };
      }),
    });
  }

  var BUILD = {
    bar_across: function (data) { return across(data, false); },
    bars_across: function (data) { return across(data, false); },
    stacked: function (data) { return across(data, true); },
    lines: lines,
  };

  function draw(box) {
    fetch(box.dataset.src, { credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok) throw new Error(answer.status);
        return answer.json();
      })
      .then(function (data) {
        var words = box.getAttribute("aria-label");
        var chart = window.echarts.init(box, null, { locale: "ZH" });
        chart.setOption(BUILD[data.kind](data));
        box.setAttribute("aria-label", words);
        new ResizeObserver(function () { chart.resize(); }).observe(box);
        window.addEventListener("beforeprint", function () { chart.resize(); });
      })
      .catch(function () {
        box.textContent = "图没有画出来，数字请看旁边的表。";
        box.classList.add("muted");
      });
  }

  document.querySelectorAll("[data-chart]").forEach(draw);
})();
