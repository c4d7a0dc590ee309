// Draws what a JSON block describes. The table beside it says the same.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const chinese = document.documentElement.lang.startsWith("zh");
  for (const box of document.querySelectorAll("[data-chart]")) {
    const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    const chart = echarts.init(box, null, { renderer: "canvas" });
    chart.setOption({
      animation: false,
      color: ["#8fb2d3", "#b4342d"],
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 90, right: 20, top: 40, bottom: 40 },
      legend: { top: 0 },
      tooltip: { trigger: "axis" },
      xAxis: { type: "category", data: data.labels },
      yAxis: { type: "value" },
      series: data.series.map((s) => ({ name: chinese ? s.zh : s.en, type: "bar", data: s.values.map(Number) })),
    });
    window.addEventListener("resize", () => chart.resize());
  }
});
