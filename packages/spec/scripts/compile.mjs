console.log("spec: nothing to compile yet");
