//! In Indonesian.

use super::topic::Topic;

pub(super) fn words(topic: Topic) -> &'static str {
    match topic {
        Topic::Delivered => "Terkirim: pesan sudah ada di grup.",
        Topic::ClockFast => {
            "Jam mesin ini {minutes} menit terlalu cepat. Betulkan (timedatectl set-ntp true): mulai selisih satu \
             jam, DingTalk menolak tanda tangan."
        }
        Topic::ClockSlow => {
            "Jam mesin ini {minutes} menit terlambat. Betulkan (timedatectl set-ntp true): mulai selisih satu \
             jam, DingTalk menolak tanda tangan."
        }
        Topic::Throttled => {
            "Terlalu banyak pesan: DingTalk menerima 20 pesan per menit dari satu robot, lalu tidak menerima \
             selama sekitar 10 menit. Pesan yang menunggu dikirim setelah itu; tidak perlu berbuat apa-apa."
        }
        Topic::Transient => {
            "DingTalk tidak dapat dihubungi, sibuk, atau terganggu. Pesan yang menunggu segera dikirim lagi; jika terus begini, periksa \
             koneksi internet toko."
        }
        Topic::Unknown => {
            "Tidak ada jawaban yang bisa dibaca: pesan mungkin sudah di grup, mungkin belum. Pesan yang menunggu \
             dikirim lagi dengan nomor yang sama, sehingga tidak tampil dua kali."
        }
        Topic::IpBanned => {
            "Gerbang DingTalk menolak alamat internet ini selama sekitar {minutes} menit (terlalu banyak \
             panggilan). Pesan yang menunggu dikirim setelah itu; cari tahu program lain di sini yang memakai \
             DingTalk. Jika tidak mungkin, buka halaman web apa saja di jaringan ini: mungkin perlu masuk dulu."
        }
        Topic::Content => {
            "DingTalk tidak menerima pesan ini (terlalu panjang, atau berisi kata atau tautan yang tidak \
             diizinkan). Pesan ini disisihkan; pesan lain tidak tertahan."
        }
        Topic::Keyword => {
            "Pesan tidak memuat kata kunci robot. Isi `keywords` robot ini dengan kata kunci dari pengaturan \
             keamanan robot."
        }
        Topic::Sign => {
            "Tanda tangan tidak cocok. Salin lagi kunci rahasia (SEC...) dari pengaturan keamanan robot ke \
             `secret_file` robot ini."
        }
        Topic::Clock => {
            "DingTalk menolak waktu tanda tangan. Periksa jam mesin ini dan waktu internetnya (timedatectl \
             set-ntp true); pesan yang menunggu dikirim lagi dengan sendirinya."
        }
        Topic::Ip => {
            "Alamat internet toko ini tidak ada di daftar robot. Tambahkan ke daftar IP di pengaturan keamanan \
             robot, atau pakai kunci rahasia atau kata kunci."
        }
        Topic::IpAddress => "Alamat yang perlu ditambahkan: {address}.",
        Topic::Ipv6 => {
            "Alamat internet toko ini {address} tidak ada di daftar IP robot, dan tidak bisa ditambahkan: daftar \
             itu hanya menerima IPv4. Pakai kunci rahasia atau kata kunci di pengaturan keamanan robot."
        }
        Topic::Token => {
            "DingTalk tidak mengenal robot ini. Salin lagi alamat webhook dari pengaturan robot; jika robot sudah \
             dihapus, tambahkan yang baru ke grup."
        }
        Topic::Stopped => "Robot dihentikan. Aktifkan lagi di pengaturan grup.",
        Topic::Dissolved => {
            "Grup robot ini sudah dibubarkan. Tambahkan robot ke grup lain dan isikan alamat webhook-nya di sini."
        }
        Topic::Quota => {
            "Jatah pesan organisasi sudah habis, kemungkinan besar jatah bulan ini. Minta administrator DingTalk \
             membeli tambahan atau menaikkan batas robot ini; pesan yang menunggu dikirim setelah ada jatah lagi."
        }
        Topic::Other => {
            "DingTalk menolak pesan robot ini. Periksa alamat webhook dan pengaturan robot di grup."
        }
        Topic::Name => {
            "Nama DingTalk tidak ditemukan (DNS). Apakah kabel jaringan terpasang, atau Wi-Fi tersambung? Apakah \
             router punya server DNS? Jika jaringan ini memakai proxy, isi `proxy`."
        }
        Topic::Refused => {
            "Sambungan ditolak: ada yang menjawab atas nama DingTalk dan menolak. Mungkin firewall: izinkan TCP \
             port 443 ke host yang disebut di akhir."
        }
        Topic::Filtered => {
            "Tidak ada jawaban sama sekali: firewall tampaknya membuang sambungan. Izinkan TCP port 443 keluar ke \
             host yang disebut di akhir. Jika jaringan ini memakai proxy, isi `proxy`."
        }
        Topic::NoRoute => {
            "Mesin ini tidak punya jalan ke internet. Apakah kabel jaringan terpasang? Apakah ada alamat dan \
             gateway (ip addr, ip route)?"
        }
        Topic::TlsCut => {
            "Sambungan diputus saat enkripsi disepakati, kemungkinan oleh firewall yang memeriksa nama. Izinkan \
             host yang disebut di akhir."
        }
        Topic::NotTls => {
            "Yang menjawab tidak memakai enkripsi seperti DingTalk: halaman masuk jaringan ini, proxy, atau port \
             yang salah di alamat webhook."
        }
        Topic::Stranger => {
            "Ada yang berdiri di tengah: sertifikat diterbitkan oleh pihak yang tidak dikenal mesin ini. Firewall \
             atau antivirus di sini membuka sambungan terenkripsi. Kecualikan mesin ini, atau masukkan sertifikat \
             penerbit ke `ca_file` robot ini jika Anda memercayainya."
        }
        Topic::Issuer => "Penerbitnya \"{issuer}\".",
        Topic::WrongName => {
            "Yang menjawab memakai sertifikat host lain. Periksa host di alamat webhook; mungkin jaringan ini \
             membelokkan namanya."
        }
        Topic::NotYetValid => {
            "Sertifikat belum berlaku: kemungkinan besar jam mesin ini terlambat. Betulkan (timedatectl set-ntp \
             true)."
        }
        Topic::Expired => {
            "Sertifikat sudah kedaluwarsa. Periksa dulu jam mesin ini (timedatectl); jika benar, yang menjawab \
             memakai sertifikat lama."
        }
        Topic::Portal => {
            "Sebuah halaman jaringan ini menjawab sebagai ganti DingTalk. Mungkin perlu masuk dulu: buka halaman \
             web apa saja di jaringan ini dan masuk, atau minta agar mesin ini boleh keluar tanpa masuk."
        }
        Topic::PortalHost => "Halaman itu mengarah ke {host}.",
        Topic::NoProxy => {
            "Proxy tidak dapat dihubungi. Periksa alamat dan port di `proxy`, dan apakah proxy itu berjalan."
        }
        Topic::ProxyPassword => {
            "Proxy meminta nama pengguna dan kata sandi, atau yang ada salah. Isikan di `proxy` \
             (http://USER:PASSWORD@HOST:PORT)."
        }
        Topic::ProxyDenied => {
            "Proxy tidak mengizinkan ini. Minta pengelolanya mengizinkan host yang disebut di akhir, port 443."
        }
        Topic::Slow => {
            "DingTalk terhubung, tetapi jawaban tidak datang pada waktunya: pesan mungkin sudah di grup, mungkin \
             belum. Pesan yang menunggu dikirim lagi dengan nomor yang sama; jika terus begini, jaringan terlalu \
             lambat atau terlalu penuh."
        }
        Topic::Cut => {
            "Sambungan terputus sebelum jawaban datang: pesan mungkin sudah di grup, mungkin belum. Pesan yang \
             menunggu dikirim lagi dengan nomor yang sama, sehingga tidak tampil dua kali."
        }
    }
}
