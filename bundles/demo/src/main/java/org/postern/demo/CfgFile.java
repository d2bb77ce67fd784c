package org.postern.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A {@code .cfg} file of the appliance. Single settings are replaced; everything else stays. */
final class CfgFile {

    private final Path file;
    private final List<String> lines;

    CfgFile(Path file) throws IOException {
        this.file = file;
        this.lines = Files.exists(file) ? new ArrayList<>(Files.readAllLines(file)) : new ArrayList<>();
    }

    /** Replaces a setting with all its continuation lines, or adds it at the end. */
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

    /** The value of a setting; empty where it is not set. */
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
