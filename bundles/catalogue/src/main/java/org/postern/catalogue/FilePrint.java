package org.postern.catalogue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Tells whether small files (key stores, password files) have changed, by their content: a time stamp may stay the same
 * when a file is replaced, and change when nothing did.
 */
public final class FilePrint {

    private FilePrint() {}

    /**
     * A text that changes when one of the files changes, comes or goes. Of a folder, the files directly in it count.
     *
     * @param places files and folders; an absent or unreadable one counts as that
     */
    public static String of(Path... places) {
        MessageDigest digest = Sha256.start();
        for (Path place : places) {
            for (Path file : files(place)) {
                digest.update(file.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                digest.update(content(file));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static List<Path> files(Path place) {
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> folder = Files.newDirectoryStream(place, Files::isRegularFile)) {
            folder.forEach(files::add);
        } catch (IOException e) {
            return List.of(place);
        }
        files.sort(null);
        return files;
    }

    private static byte[] content(Path file) {
        byte[] bytes = null;
        try {
            bytes = Files.readAllBytes(file);
            return Sha256.of(bytes);
        } catch (IOException e) {
            return new byte[] {0};
        } finally {
            if (bytes != null) {
                Arrays.fill(bytes, (byte) 0);
            }
        }
    }
}
