// Prints the text that npos, an ESC/POS parser from the npm registry, finds in a file.
// node read.js FOLDER_WITH_NODE_MODULES FILE. A tool of the round-trip test; nothing ships it.
'use strict';

const fs = require('fs');
const path = require('path');

const [folder, file] = process.argv.slice(2);
const npos = require(path.join(folder, 'node_modules', 'npos'));

// Its rules lack the QR family, which is length-delimited like its siblings.
const rules = npos.rules;
rules[29]['(k'] = [0, 'd16'];

npos
  .parser(rules)
  .parse(fs.readFileSync(file))
  .then((ast) => {
    if (ast.error) throw ast.error;
    for (const entry of ast.entries) {
      if (entry.type === 'text') process.stdout.write(`${entry.data}\n`);
    }
  })
  .catch((error) => {
    process.stderr.write(`${error}\n`);
    process.exitCode = 1;
  });
