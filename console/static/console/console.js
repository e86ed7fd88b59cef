// Shows the words that a check is about: selects them in the text field they stand in.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-show]");
  if (!button) return;
  const words = button.dataset.show.toLowerCase();
  for (const field of document.querySelectorAll("#writing textarea, #writing input[type=text]")) {
    const at = field.value.toLowerCase().indexOf(words);
    if (at >= 0) {
      field.focus();
      field.setSelectionRange(at, at + words.length);
      return;
    }
  }
});
