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
 * A fingerprint of the content of small files (key stores, password files), to detect changes. A time stamp would not
 * be sufficient: it may be unchanged when a file is replaced, and change when the content does not.
 */
public final class FilePrint {

    private FilePrint() {}

    /**
     * A text that changes when one of the files is changed, created or deleted. A folder stands for the files directly
     * in it.
     *
     * @param places files and folders; a missing or unreadable file has a fixed fingerprint
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
