package org.postern.appliance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.postern.catalogue.PosternException;

/**
 * Which files of this machine a console command or an interface may open: regular files in the configured folders, and
 * never a file of Postern's own.
 *
 * <p>A file is checked by its real path, so no symbolic link and no {@code ..} leads out of the folders. It must have
 * only one name: a second hard link could be one of Postern's own files. The check comes before the file is opened,
 * because opening can already do harm: to open and close an SQLite database within the process that writes it releases
 * that process's POSIX locks.
 */
public final class AllowedFiles {

    /** Folders below the state folder that are for exchange with other systems, and so are not Postern's own. */
    private static final List<String> EXCHANGE = List.of("import", "export", "intake", "results");

    private static final List<String> OF_INSTALLATION =
            List.of("bin", "data", "deploy", "etc", "instances", "lib", "share", "state", "system");

    private final List<Path> readFrom;
    private final List<Path> ours;
    private final List<Path> exchange;

    /**
     * Sets the folders that may be read, and the files that are never opened.
     *
     * @param readFrom folders in and below which files may be read; relative names are resolved against the first. A
     *     folder that does not exist yet counts as empty
     * @param ours files and folders of Postern's own: nothing in them is opened, even where they lie in one of the
     *     folders that may be read
     * @param exchange folders within {@code ours} that are meant for others' files
     */
    public AllowedFiles(Collection<Path> readFrom, Collection<Path> ours, Collection<Path> exchange) {
        this.readFrom = absolute(readFrom);
        this.ours = absolute(ours);
        this.exchange = absolute(exchange);
    }

    /**
     * The allowed files of this process, by Karaf's system properties: program, settings, data and state are Postern's
     * own, except the folders {@code import}, {@code export}, {@code intake} and {@code results} in the state folder.
     *
     * @param readFrom folders from which files may be read
     * @param further more files and folders of Postern's own, such as the folder of a database that lies elsewhere
     */
    public static AllowedFiles ofThisProcess(Collection<Path> readFrom, Collection<Path> further) {
        Path base = Path.of(System.getProperty("karaf.base", "."));
        List<Path> ours = new ArrayList<>(further);
        for (String root : List.of("karaf.base", "karaf.home")) {
            Path folder = Path.of(System.getProperty(root, "."));
            OF_INSTALLATION.forEach(name -> ours.add(folder.resolve(name)));
        }
        ours.add(Path.of(System.getProperty("karaf.etc", base.resolve("etc").toString())));
        ours.add(Path.of(System.getProperty("karaf.data", base.resolve("data").toString())));
        Path state = Path.of(
                System.getProperty("postern.state", base.resolve("state").toString()));
        ours.add(state);
        return new AllowedFiles(
                readFrom, ours, EXCHANGE.stream().map(state::resolve).toList());
    }

    /**
     * Returns the real path of a file that may be read. Does not open it.
     *
     * @param name a path; a relative one is resolved against the first folder
     * @throws PosternException PST-7095 where it may not be opened, or is no regular file
     */
    public Path readable(String name) {
        Path real;
        try {
            Path given = Path.of(name);
            real = (given.isAbsolute() || readFrom.isEmpty()
                            ? given
                            : readFrom.get(0).resolve(given))
                    .toRealPath();
            if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
                throw refused("it is no regular file");
            }
            // not asked of the file store: Java finds none where /proc/mounts does not list the root, as in a chroot
            if (real.getFileSystem().supportedFileAttributeViews().contains("unix")
                    && (int) Files.getAttribute(real, "unix:nlink") != 1) {
                throw refused("it has more than one name (hard links)");
            }
        } catch (IOException | InvalidPathException e) {
            // the same answer whether or not the file exists outside the allowed folders: nothing about other folders
            // is disclosed
            throw refused("no such file is in them");
        }
        if (readFrom.stream().noneMatch(folder -> within(real, folder)) || isOurs(real)) {
            throw refused("no such file is in them");
        }
        return real;
    }

    /**
     * The content of a file that may be read.
     *
     * @param name a path; a relative one is resolved against the first folder
     * @param maxBytes the greatest length in bytes that is accepted
     * @throws PosternException PST-7095 where it may not be opened, is longer, or cannot be read
     */
    public byte[] read(String name, int maxBytes) {
        Path file = readable(name);
        try (InputStream in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            byte[] content = in.readNBytes(maxBytes + 1);
            if (content.length > maxBytes) {
                throw refused("it is longer than " + maxBytes + " bytes");
            }
            return content;
        } catch (IOException e) {
            throw refused("it cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    /**
     * Writes a new file that only its owner can read.
     *
     * @param folder the folder for new files; created if it does not exist
     * @param name the name of the new file in it, or its path there
     * @param content the whole content of the file
     * @return where it was written
     * @throws PosternException PST-7096 if it would not lie directly in that folder, exists already, or cannot be
     *     written
     */
    public Path write(Path folder, String name, byte[] content) {
        try {
            Files.createDirectories(folder);
            Path real = folder.toRealPath();
            Path given = Path.of(name);
            Path file = given.isAbsolute() ? given : real.resolve(given);
            Path parent = file.getParent();
            if (parent == null
                    || file.getFileName().toString().startsWith(".")
                    || !parent.toRealPath().equals(real)
                    || isOurs(real)) {
                throw unwritable(folder, "it would lie elsewhere");
            }
            Path target = real.resolve(file.getFileName());
            FileAttribute<?>[] mode =
                    real.getFileSystem().supportedFileAttributeViews().contains("posix")
                            ? new FileAttribute<?>[] {
                                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                            }
                            : new FileAttribute<?>[0];
            try (OutputStream out = java.nio.channels.Channels.newOutputStream(Files.newByteChannel(
                    target, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode))) {
                out.write(content);
            }
            return target;
        } catch (FileAlreadyExistsException e) {
            throw unwritable(folder, "it exists");
        } catch (IOException | InvalidPathException e) {
            throw unwritable(
                    folder, "it cannot be written there (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** The folders for reading, as configured. */
    public List<Path> folders() {
        return readFrom;
    }

    private boolean isOurs(Path real) {
        return ours.stream().anyMatch(own -> within(real, own) || same(real, own))
                && exchange.stream().noneMatch(folder -> within(real, folder));
    }

    private static boolean same(Path real, Path own) {
        try {
            BasicFileAttributes mine = Files.readAttributes(own, BasicFileAttributes.class);
            return mine.fileKey() != null
                    && mine.fileKey()
                            .equals(Files.readAttributes(real, BasicFileAttributes.class)
                                    .fileKey());
        } catch (IOException e) {
            return false;
        }
    }

    /** True where the file lies below the real path of the folder; false where the folder does not exist. */
    private static boolean within(Path real, Path folder) {
        try {
            return real.startsWith(folder.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }

    private static List<Path> absolute(Collection<Path> paths) {
        return paths.stream()
                .map(path -> path.toAbsolutePath().normalize())
                .distinct()
                .toList();
    }

    private PosternException refused(String cause) {
        return new PosternException(ApplianceFault.FILE_NOT_OPEN.fault(
                "FILE", "a regular file with one name in " + readFrom + ", none of Postern's own", cause));
    }

    private static PosternException unwritable(Path folder, String cause) {
        return new PosternException(ApplianceFault.FILE_NOT_WRITTEN.fault(
                "FILE", "the name of a new file, which is made in " + folder, cause));
    }
}
