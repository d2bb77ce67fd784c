package org.postern.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A {@code .cfg} file of the appliance, of which single settings are replaced and everything else is kept. */
final class CfgFile {

    private final Path file;
    private final List<String> lines;

    CfgFile(Path file) throws IOException {
        this.file = file;
        this.lines = Files.exists(file) ? new ArrayList<>(Files.readAllLines(file)) : new ArrayList<>();
    }

    /** Sets one setting: in its old place, with all its continuation lines, or else at the end. */
    CfgFile set(String key, Object value) {
        Pattern setting = Pattern.compile("\\s*" + Pattern.quote(key) + "\\s*[=:].*");
        String line = key + " = " + value;
        for (int i = 0; i < lines.size(); i++) {
            if (setting.matcher(lines.get(i)).matches()) {
                while (lines.get(i).endsWith("\\")) {
                    lines.remove(i);
                }
                lines.set(i, line);
                return this;
            }
        }
        lines.add(line);
        return this;
    }

    /** What the setting says now; empty where it is not there. */
    String get(String key) {
        Pattern setting = Pattern.compile("\\s*" + Pattern.quote(key) + "\\s*[=:](.*)");
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            var matcher = setting.matcher(lines.get(i));
            if (matcher.matches()) {
                String part = matcher.group(1);
                while (part.endsWith("\\") && i + 1 < lines.size()) {
                    value.append(part, 0, part.length() - 1);
                    part = lines.get(++i).strip();
                }
                return value.append(part).toString().strip();
            }
        }
        return "";
    }

    void save() throws IOException {
        Files.write(file, lines);
    }
}
