package org.postern.faultsimulation.disk;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A disk in memory that remembers what was flushed to it. What was written to a file counts as safe once that file was
 * forced; a name that was made, moved or deleted counts as safe once its folder was forced. After {@link #cut}
 * everything that is not safe may be there, or not, or in part. Folders themselves are never lost. Safe for several
 * threads.
 */
public final class SimulatedDisk {

    /**
     * Delivered of each effect on the disk before it takes place; may refuse it, or end the process that asks for it.
     */
    @FunctionalInterface
    public interface Watch {

        /**
         * Before an effect.
         *
         * @param what {@code write}, {@code force}, {@code force-folder}, {@code move}, {@code create} or
         *     {@code delete}
         * @param path of the file or folder
         * @throws IOException where the disk does not do it
         */
        void before(String what, String path) throws IOException;
    }

    /** Content of a file, whatever names it has. */
    static final class Node {
        final long key;
        private byte[] content = new byte[0];
        private int size;
        private byte[] safe = new byte[0];

        Node(long key) {
            this.key = key;
        }
    }

    private final Map<String, Node> names = new TreeMap<>();
    private final Map<String, Node> safeNames = new TreeMap<>();
    private final Set<String> folders = new TreeSet<>(Set.of("/"));
    private final DiskFileSystem files = new DiskFileSystem(this);
    private Watch watch = (what, path) -> {};
    private long nodes;

    /** Its files. */
    public FileSystem files() {
        return files;
    }

    /** A path on it. */
    public Path path(String absolute) {
        return new DiskPath(files, absolute);
    }

    /** The listener for effects from now on. */
    public synchronized void watch(Watch next) {
        watch = next;
    }

    /** What is found on it after a power cut. */
    public record Found(SimulatedDisk disk, int lost) {}

    /**
     * Takes the power: what was not safe stays by chance. The disk as it is found then, and how many files or names
     * were not as they had been.
     */
    public synchronized Found cut(Random random) {
        SimulatedDisk found = new SimulatedDisk();
        int lost = 0;
        Set<String> all = new TreeSet<>(names.keySet());
        all.addAll(safeNames.keySet());
        java.util.IdentityHashMap<Node, Node> left = new java.util.IdentityHashMap<>();
        for (String name : all) {
            Node now = names.get(name);
            Node safe = safeNames.get(name);
            Node kept = now == safe || random.nextBoolean() ? now : safe;
            lost += kept == now ? 0 : 1;
            if (kept != null) {
                Node settled = left.get(kept);
                if (settled == null) {
                    settled = new Node(++found.nodes);
                    lost += settle(kept, settled, random) ? 1 : 0;
                    left.put(kept, settled);
                }
                found.names.put(name, settled);
            }
        }
        found.safeNames.putAll(found.names);
        found.folders.addAll(folders);
        return new Found(found, lost);
    }

    /** What is left of a file that was written to and not forced; true where that is not what was written last. */
    private static boolean settle(Node node, Node settled, Random random) {
        byte[] written = Arrays.copyOf(node.content, node.size);
        byte[] left = written;
        if (!Arrays.equals(written, node.safe)) {
            left = switch (random.nextInt(3)) {
                case 0 -> written;
                case 1 -> node.safe;
                default -> torn(node.safe, written, random);
            };
        }
        settled.content = left.clone();
        settled.size = left.length;
        settled.safe = left.clone();
        return !Arrays.equals(left, written);
    }

    private static byte[] torn(byte[] before, byte[] after, Random random) {
        int from = Math.min(before.length, after.length);
        int length = from + (after.length > from ? random.nextInt(after.length - from + 1) : 0);
        return Arrays.copyOf(after, length);
    }

    private void tell(String what, String path) throws IOException {
        watch.before(what, path);
    }

    synchronized boolean isFolder(String path) {
        return folders.contains(path);
    }

    synchronized Node require(String path) throws NoSuchFileException {
        Node node = names.get(path);
        if (node == null) {
            throw new NoSuchFileException(path);
        }
        return node;
    }

    synchronized Node open(String path, boolean create, boolean truncate) throws IOException {
        Node node = names.get(path);
        if (node == null) {
            if (!create) {
                throw new NoSuchFileException(path);
            }
            tell("create", path);
            node = new Node(++nodes);
            names.put(path, node);
        } else if (truncate) {
            tell("write", path);
            node.size = 0;
        }
        return node;
    }

    synchronized int size(Node node) {
        return node.size;
    }

    synchronized byte[] read(Node node, int position, int length) {
        if (position >= node.size) {
            return new byte[0];
        }
        return Arrays.copyOfRange(node.content, position, Math.min(node.size, position + length));
    }

    synchronized void write(Node node, String path, int position, byte[] bytes) throws IOException {
        tell("write", path);
        int end = position + bytes.length;
        if (end > node.content.length) {
            node.content = Arrays.copyOf(node.content, Math.max(end, node.content.length * 2));
        }
        System.arraycopy(bytes, 0, node.content, position, bytes.length);
        node.size = Math.max(node.size, end);
    }

    synchronized void truncate(Node node, String path, int size) throws IOException {
        tell("write", path);
        if (size < node.size) {
            Arrays.fill(node.content, size, node.size, (byte) 0);
            node.size = size;
        }
    }

    synchronized void force(Node node, String path) throws IOException {
        tell("force", path);
        node.safe = Arrays.copyOf(node.content, node.size);
    }

    synchronized void forceFolder(String folder) throws IOException {
        tell("force-folder", folder);
        Set<String> all = new TreeSet<>(names.keySet());
        all.addAll(safeNames.keySet());
        for (String name : all) {
            if (parent(name).equals(folder)) {
                Node now = names.get(name);
                if (now == null) {
                    safeNames.remove(name);
                } else {
                    safeNames.put(name, now);
                }
            }
        }
    }

    synchronized void createFolder(String path) throws IOException {
        if (folders.contains(path) || names.containsKey(path)) {
            throw new FileAlreadyExistsException(path);
        }
        tell("create", path);
        folders.add(path);
    }

    synchronized void move(String from, String to) throws IOException {
        Node node = require(from);
        tell("move", to);
        names.remove(from);
        names.put(to, node);
    }

    synchronized void delete(String path) throws IOException {
        require(path);
        tell("delete", path);
        names.remove(path);
    }

    synchronized List<String> children(String folder) {
        List<String> found = new ArrayList<>();
        names.keySet().stream().filter(name -> parent(name).equals(folder)).forEach(found::add);
        folders.stream()
                .filter(name -> !name.equals("/") && parent(name).equals(folder))
                .forEach(found::add);
        return found;
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }
}
