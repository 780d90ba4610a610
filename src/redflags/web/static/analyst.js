// Progressive only: a slider beside each number, and at once what it would do if it alone changed.
// What is said comes with the page; thresholds moved together are worked out by the button.

const moved = document.querySelector(".rf-slider__moved");
const sliders = [...document.querySelectorAll(".rf-slider")].map(makeSlider);

function makeSlider(group) {
  const number = group.querySelector("input");
  const range = document.createElement("input");
  range.type = "range";
  for (const name of ["min", "max", "step"]) range[name] = number[name];
  range.value = number.value;
  range.className = "rf-slider__range";
  range.setAttribute("aria-label", group.querySelector("label").textContent);
  number.before(range);

  const slider = {
    number,
    began: number.value,
    rungs: new Map(JSON.parse(group.dataset.rungs)),
    said: group.querySelector("output"),
  };
  range.addEventListener("input", () => {
    number.value = range.value;
    tell(slider);
  });
  number.addEventListener("input", () => {
    range.value = number.value;
    tell(slider);
  });
  return slider;
}

function tell(slider) {
  const said = slider.rungs.get(String(Number(slider.number.value)));
  slider.said.textContent = said ? `If this alone changes: ${said[0].toLowerCase()}${said.slice(1)}` : "Press the button to work this out";
  const count = sliders.filter((one) => one.number.value !== one.began).length;
  moved.textContent =
    count > 1 ? `You have moved ${count}. Press the button to see what they do together.` : "";
}
