package org.postern.faultsimulation.disk;

import java.io.File;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;

/** A path on a simulated disk: absolute, or relative names such as a file's own. No links, no {@code ..}. */
final class DiskPath implements Path {

    private final DiskFileSystem system;
    private final String text;

    DiskPath(DiskFileSystem system, String text) {
        this.system = system;
        this.text = text.length() > 1 && text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    private List<String> parts() {
        List<String> parts = new ArrayList<>();
        for (String part : text.split("/")) {
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        return parts;
    }

    private Path of(String other) {
        return new DiskPath(system, other);
    }

    @Override
    public FileSystem getFileSystem() {
        return system;
    }

    @Override
    public boolean isAbsolute() {
        return text.startsWith("/");
    }

    @Override
    public Path getRoot() {
        return isAbsolute() ? of("/") : null;
    }

    @Override
    public Path getFileName() {
        return text.equals("/") ? null : of(text.substring(text.lastIndexOf('/') + 1));
    }

    @Override
    public Path getParent() {
        if (text.equals("/") || !text.contains("/")) {
            return null;
        }
        return of(SimulatedDisk.parent(text));
    }

    @Override
    public int getNameCount() {
        return parts().size();
    }

    @Override
    public Path getName(int index) {
        return of(parts().get(index));
    }

    @Override
    public Path subpath(int begin, int end) {
        return of(String.join("/", parts().subList(begin, end)));
    }

    @Override
    public boolean startsWith(Path other) {
        return text.equals(other.toString()) || text.startsWith(other + "/");
    }

    @Override
    public boolean endsWith(Path other) {
        return text.equals(other.toString()) || text.endsWith("/" + other);
    }

    @Override
    public Path normalize() {
        return this;
    }

    @Override
    public Path resolve(Path other) {
        String name = other.toString();
        return name.startsWith("/") ? of(name) : of(text.equals("/") ? "/" + name : text + "/" + name);
    }

    @Override
    public Path relativize(Path other) {
        return of(other.toString().substring(text.length() + 1));
    }

    @Override
    public URI toUri() {
        return URI.create("simulated://disk" + text);
    }

    @Override
    public Path toAbsolutePath() {
        return isAbsolute() ? this : of("/" + text);
    }

    @Override
    public Path toRealPath(LinkOption... options) {
        return toAbsolutePath();
    }

    @Override
    public File toFile() {
        throw new UnsupportedOperationException("a simulated disk has no files of the machine's");
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException("register");
    }

    @Override
    public int compareTo(Path other) {
        return text.compareTo(other.toString());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DiskPath path && path.system == system && path.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
