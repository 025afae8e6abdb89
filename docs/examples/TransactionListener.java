import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Pushes each completed transaction of a POS program to Posbridge. Java 11 and newer, nothing to add.
 *
 * <p>Call {@link #transactionCompleted} from the POS program's own event. It returns at once: a till
 * never waits for a network. Run alone it pushes one sale:
 *
 * <pre>POSBRIDGE_URL=http://127.0.0.1:8788 POSBRIDGE_SECRET_FILE=push.secret java TransactionListener.java</pre>
 *
 * <p>What waits in memory is lost with the program. A POS program that keeps its transactions should
 * push again, after a start, those that it has not marked as pushed: the same id counts once.
 */
public final class TransactionListener implements AutoCloseable {
    /** What the POS program says of a transaction. */
    public static final class Transaction {
        final String id;
        final String number;
        final boolean refund;
        /** In cents; below zero for a refund. */
        final long totalCents;
        final Instant at;
        final List<Line> lines;

        public Transaction(
                String id, String number, boolean refund, long totalCents, Instant at, List<Line> lines) {
            this.id = id;
            this.number = number;
            this.refund = refund;
            this.totalCents = totalCents;
            this.at = at;
            this.lines = lines;
        }
    }

    /** One line of goods. */
    public static final class Line {
        final String name;
        final int quantity;
        final long amountCents;

        public Line(String name, int quantity, long amountCents) {
            this.name = name;
            this.quantity = quantity;
            this.amountCents = amountCents;
        }
    }

    /** Most transactions that wait. Beyond that the oldest till in the world has a problem of its own. */
    private static final int MAX_WAITING = 10_000;

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long RETRY_MS = 5_000;

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final BlockingQueue<Transaction> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
    private final URI url;
    private final SecretKeySpec key;
    private final Thread sender = new Thread(this::send, "posbridge");

    public TransactionListener(String url, String secret) {
        this.url = URI.create(url + "/v1/events");
        byte[] bytes = Base64.getDecoder().decode(secret.strip().replaceFirst("^whsec_", ""));
        this.key = new SecretKeySpec(bytes, "HmacSHA256");
        sender.setDaemon(true);
        sender.start();
    }

    /** The POS program's event. Never blocks; false where too many wait. */
    public boolean transactionCompleted(Transaction transaction) {
        return waiting.offer(transaction);
    }

    /** Waits until everything is pushed. */
    @Override
    public void close() throws InterruptedException {
        synchronized (waiting) {
            while (!waiting.isEmpty()) {
                waiting.wait();
            }
        }
    }

    private void send() {
        try {
            while (true) {
                Transaction next = peek();
                if (!push(next)) {
                    Thread.sleep(RETRY_MS);
                    continue;
                }
                synchronized (waiting) {
                    waiting.remove();
                    waiting.notifyAll();
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private Transaction peek() throws InterruptedException {
        while (true) {
            Transaction next = waiting.peek();
            if (next != null) {
                return next;
            }
            Thread.sleep(50);
        }
    }

    /** Whether no further try is needed. */
    private boolean push(Transaction transaction) throws InterruptedException {
        String body = json(transaction);
        try {
            String stamp = Long.toString(Instant.now().getEpochSecond());
            HttpRequest request = HttpRequest.newBuilder(url)
                    .timeout(TIMEOUT)
                    .header("Content-Type", "application/json")
                    .header("webhook-id", transaction.id)
                    .header("webhook-timestamp", stamp)
                    .header("webhook-signature", "v1," + code(transaction.id + "." + stamp + "." + body))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            System.out.println(answer.statusCode() + " " + answer.body().strip());
            // 4xx: no try will ever do, and the answer says which field is wrong.
            return answer.statusCode() < 500;
        } catch (IOException | GeneralSecurityException failed) {
            System.err.println("not pushed, trying again: " + failed);
            return false;
        }
    }

    private String code(String content) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(key);
        return Base64.getEncoder().encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
    }

    private static String json(Transaction transaction) {
        StringBuilder items = new StringBuilder();
        for (Line line : transaction.lines) {
            items.append(items.length() == 0 ? "" : ",")
                    .append("{\"name\":").append(quoted(line.name))
                    .append(",\"quantity\":\"").append(line.quantity)
                    .append("\",\"amount\":\"").append(money(line.amountCents)).append("\"}");
        }
        return "{\"id\":" + quoted(transaction.id)
                + ",\"kind\":\"" + (transaction.refund ? "refund" : "sale")
                + "\",\"receipt\":{\"number\":" + quoted(transaction.number)
                + ",\"printed_at\":\"" + transaction.at
                + "\",\"total\":\"" + money(transaction.totalCents)
                + "\",\"items\":[" + items + "]}}";
    }

    private static String money(long cents) {
        return (cents < 0 ? "-" : "") + Math.abs(cents) / 100 + String.format(".%02d", Math.abs(cents) % 100);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    public static void main(String[] arguments) throws Exception {
        String url = System.getenv().getOrDefault("POSBRIDGE_URL", "http://127.0.0.1:8788");
        String file = System.getenv().getOrDefault("POSBRIDGE_SECRET_FILE", "push.secret");
        try (TransactionListener listener = new TransactionListener(url, Files.readString(Path.of(file)))) {
            Line tea = new Line("Lemon tea \"large\"", 2, 3_600);
            listener.transactionCompleted(
                    new Transaction("till-3/J-1001", "J-1001", false, 3_600, Instant.now(), List.of(tea)));
        }
    }
}
