// Read labels with the camera where the browser can (BarcodeDetector); everywhere else codes are typed.
"use strict";
(function () {
  var start = document.getElementById("scan");
  var field = document.getElementById("code");
  if (!start || !field || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  start.hidden = false;
  start.addEventListener("click", function () {
    navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).then(function (stream) {
      var video = document.createElement("video");
      video.setAttribute("playsinline", "");
      video.srcObject = stream;
      start.after(video);
      start.hidden = true;
      var reader = new window.BarcodeDetector({ formats: ["qr_code"] });
      function look() {
        reader.detect(video).then(function (found) {
          if (found.length) {
            field.value = found[0].rawValue;
            stream.getTracks().forEach(function (track) { track.stop(); });
            field.form.submit();
          } else setTimeout(look, 200);
        }, function () { setTimeout(look, 500); });
      }
      return video.play().then(look);
    }).catch(function () { start.hidden = true; });
  });
})();
