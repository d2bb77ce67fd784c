package org.postern.securitylogging.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files of a log: {@code security-00000001.log} and so on, and {@code head}, which names the last record written. */
final class Segments {

    static final String HEAD = "head";
    private static final String ZEROS = "0".repeat(18);

    private Segments() {
    }

    static Path file(Path folder, long number) {
        return folder.resolve(String.format("security-%08d.log", number));
    }

    static long number(Path file) {
        return Long.parseLong(file.getFileName().toString().replaceAll("\\D", ""));
    }

    /** A record's number in eighteen digits, as it stands in the head. Written with every group of records, for which a format is too slow. */
    static String padded(long record) {
        String digits = Long.toString(record);
        return digits.length() < ZEROS.length() ? ZEROS.substring(digits.length()) + digits : digits;
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
