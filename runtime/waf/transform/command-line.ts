/** CMD_LINE: what shells ignore is taken off. Deletes `\ " ' ^`, blanks before `/` and `(`; `, ;` and white space become one blank; lower case. */
export function commandLine(text: string): string {
  let out = '';
  let blank = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    switch (unit) {
      case 34: case 39: case 92: case 94: break;
      case 32: case 44: case 59: case 9: case 13: case 10:
        blank = true;
        break;
      default:
        if (blank && unit !== 47 && unit !== 40) out += ' ';
        blank = false;
        out += unit >= 65 && unit <= 90 ? String.fromCharCode(unit + 32) : text[at]!;
    }
  }
  return blank ? `${out} ` : out;
}
