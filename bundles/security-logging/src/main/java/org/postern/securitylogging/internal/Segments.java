package org.postern.securitylogging.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a log: {@code security-00000001.log} and so on, and {@code head}, which names the last record written.
 */
final class Segments {

    static final String HEAD = "head";

    private Segments() {}

    static Path file(Path folder, long number) {
        return folder.resolve("security-" + padded(number, 8) + ".log");
    }

    /** A number with at least that many digits. Called for each batch; String.format would be too slow. */
    static String padded(long number, int digits) {
        String text = Long.toString(number);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }

    static long number(Path file) {
        return Long.parseLong(file.getFileName().toString().replaceAll("\\D", ""));
    }

    /** Every segment, oldest first. */
    static List<Path> all(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "security-[0-9]*.log")) {
            found.forEach(files::add);
        }
        files.removeIf(f -> !f.getFileName().toString().matches("security-\\d{8}\\.log"));
        files.sort(null);
        return files;
    }
}
