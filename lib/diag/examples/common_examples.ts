/**
 * Examples of the codes that both languages share.
 * @module
 */
import {
  inInstance,
  inTomlInstance,
  keepalived,
  shell,
  toml,
} from "./example.ts";

export const COMMON_EXAMPLES = {
  HK0001: shell(`
- hakeep check /etc/keepalived/keepalived.cfg
+ hakeep check /etc/keepalived/keepalived.conf
`),
  HK0002: toml(`
  [vrrp_instance.VI_1]
- interface = eth0
+ interface = "eth0"
  virtual_router_id = 51
  virtual_ipaddress = ["192.0.2.100/24"]
`),
  HK0003: toml(`
  [vrrp_instance.VI_1]
  interface = "eth0"
  virtual_router_id = 51
  virtual_ipaddress = ["192.0.2.100/24"]

- [vrrp_instance.VI_1]
+ [vrrp_instance.VI_2]
  interface = "eth0"
  virtual_router_id = 52
  virtual_ipaddress = ["192.0.2.101/24"]
`),
  HK0004: keepalived(`
  global_defs {
      router_id lb1
  }
+ vrrp_instance VI_1 {
+     interface eth0
+     virtual_router_id 51
+     virtual_ipaddress {
+         192.0.2.100/24
+     }
+ }
`),
  HK0101: inInstance(`
-     advert_interval 1
+     advert_int 1
`),
  HK0102: keepalived(`
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
- virtual_server 192.0.2.100 80 {
-     protocol TCP
-     lb_algo wlc
-     lb_kind NAT
-     real_server 192.0.2.21 80 {
-     }
- }
`),
  HK0103: inTomlInstance(`
- priority = "150"
+ priority = 150
`),
  HK0104: inInstance(`
-     priority 300
+     priority 150
`),
  HK0105: keepalived(`
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
-         192.0.2.300/24
+         192.0.2.100/24
      }
  }
`),
  HK0106: inTomlInstance(`
- advert_int = "1 second"
+ advert_int = "1s"
`),
  HK0107: inInstance(`
-     state Master
+     state MASTER
      priority 150
`),
  HK0108: toml(`
  [vrrp_instance.VI_1]
  interface = "eth0"
  virtual_router_id = 51
- virtual_ipaddress = [{ label = "eth0:1" }]
+ virtual_ipaddress = [{ address = "192.0.2.100/24", label = "eth0:1" }]
`),
  HK0109: keepalived(`
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
-         192.0.2.100/24 label eth0:the_web_server
+         192.0.2.100/24 label eth0:web
      }
  }
`),
  HK0110: inTomlInstance(`
  nopreempt = true
- preempt = true
`),
  HK0201: keepalived(`
  vrrp_instance VI_1 {
      interface eth0
+     virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0202: keepalived(`
  vrrp_instance VI_1 {
+     interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0203: keepalived(`
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
  vrrp_instance VI_2 {
      interface eth0
-     virtual_router_id 51
+     virtual_router_id 52
      virtual_ipaddress {
          192.0.2.101/24
      }
  }
`),
  HK0204: inInstance(`
      authentication {
          auth_type PASS
-         auth_pass a_long_password
+         auth_pass a_long_p
      }
`),
  HK0205: inInstance(`
      version 3
-     authentication {
-         auth_type PASS
-         auth_pass s3cret
-     }
`),
  HK0206: inInstance(`
      authentication {
-         auth_type AH
+         auth_type PASS
          auth_pass s3cret
      }
`),
  HK0207: inInstance(`
      authentication {
          auth_type PASS
+         auth_pass s3cret
      }
`),
  HK0208: inInstance(`
+     version 3
      advert_int 0.5
`),
  HK0209: inInstance(`
      version 3
-     advert_int 60
+     advert_int 40
`),
  HK0210: inInstance(`
-     state MASTER
+     state BACKUP
      priority 150
      nopreempt
`),
  HK0211: inInstance(`
-     state MASTER
+     state BACKUP
      priority 150
      preempt_delay 60
`),
  HK0212: inInstance(`
      state MASTER
+     priority 150
`),
  HK0213: keepalived(`
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
+     virtual_ipaddress {
+         192.0.2.100/24
+     }
  }
`),
  HK0214: keepalived(`
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
-         2001:db8::100/64
      }
+     virtual_ipaddress_excluded {
+         2001:db8::100/64
+     }
  }
`),
  HK0215: keepalived(`
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
-         192.0.2.100/24
      }
  }
`),
  HK0216: keepalived(`
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
  vrrp_instance VI_2 {
      interface eth0
      virtual_router_id 52
      virtual_ipaddress {
-         192.0.2.100/24
+         192.0.2.101/24
      }
  }
`),
  HK0217: inInstance(`
      unicast_src_ip 192.0.2.11
+     unicast_peer {
+         192.0.2.12
+     }
`),
  HK0218: inInstance(`
-     mcast_dst_ip 224.0.0.50
      unicast_peer {
          192.0.2.12
      }
`),
  HK0219: inTomlInstance(`
- mcast_dst_ip = "192.0.2.12"
+ mcast_dst_ip = "224.0.0.18"
`),
  HK0220: keepalived(`
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
-     virtual_ipaddress {
-         ~SEQ(n, 1, 1, 254) 192.0.2.\${n}/24
-         ~SEQ(n, 1, 1, 254) 198.51.100.\${n}/24
-     }
+     virtual_ipaddress {
+         ~SEQ(n, 1, 1, 254) 192.0.2.\${n}/24
+     }
+     virtual_ipaddress_excluded {
+         ~SEQ(n, 1, 1, 254) 198.51.100.\${n}/24
+     }
  }
`),
  HK0221: keepalived(`
  vrrp_instance VI_6 {
      interface eth0
      virtual_router_id 51
-     version 2
+     version 3
      virtual_ipaddress {
          fe80::100/64
      }
  }
`),
  HK0222: keepalived(`
  vrrp_instance VI_6 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
-         2001:db8::100/64
          fe80::100/64
+         2001:db8::100/64
      }
  }
`),
  HK0223: keepalived(`
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
-         192.0.2.100/24 home
+         192.0.2.100/24
      }
  }
`),
  HK0224: inInstance(`
      unicast_peer {
-         192.0.2.12 min_ttl 255 max_ttl 250
+         192.0.2.12 min_ttl 250 max_ttl 255
      }
`),
  HK0225: inInstance(`
      priority 150
-     owner_ignore_adverts
`),
  HK0226: keepalived(`
  vrrp_instance VI_1 {
-     interface lo
+     interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0227: inInstance(`
      unicast_src_ip 192.0.2.11
      unicast_peer {
-         192.0.2.11
          192.0.2.12
      }
`),
  HK0228: inInstance(`
      state MASTER
      priority 150
      authentication {
-         auth_type AH
+         auth_type PASS
          auth_pass s3cret
      }
`),
  HK0229: inInstance(`
-     authentication {
-         auth_type PASS
-         auth_pass s3cret
-     }
`),
  HK0230: keepalived(`
  global_defs {
      notify_fifo /run/keepalived/events
-     vrrp_notify_fifo /run/keepalived/events
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0231: inInstance(`
+     use_vmac
      vmac_xmit_base
`),
  HK0232: inInstance(`
-     use_ipvlan
+     use_ipvlan vip0 192.0.2.11/24
`),
  HK0233: inInstance(`
-     vrf blue
`),
  HK0234: keepalived(`
  global_defs {
-     vrrp_startup_delay 30
+     router_id lb1
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0240: inTomlInstance(`
- track_script = ["chk_nginx"]
+ track_script = ["check_nginx"]

  [vrrp_script.check_nginx]
  script = "/usr/bin/pgrep nginx"
  user = "root"

  [global_defs]
  enable_script_security = true
`),
  HK0241: inInstance(`
      track_interface {
          eth1
-         eth1
      }
`),
  HK0242: keepalived(`
  vrrp_sync_group G {
      group {
          VI_1
-         V1_2
+         VI_2
      }
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
  vrrp_instance VI_2 {
      interface eth1
      virtual_router_id 51
      virtual_ipaddress {
          198.51.100.100/24
      }
  }
`),
  HK0243: keepalived(`
  vrrp_sync_group FIRST {
      group {
          VI_1
          VI_2
+         VI_3
      }
  }
- vrrp_sync_group SECOND {
-     group {
-         VI_2
-         VI_3
-     }
- }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
  vrrp_instance VI_2 {
      interface eth0
      virtual_router_id 52
      virtual_ipaddress {
          192.0.2.101/24
      }
  }
  vrrp_instance VI_3 {
      interface eth1
      virtual_router_id 51
      virtual_ipaddress {
          198.51.100.100/24
      }
  }
`),
  HK0244: keepalived(`
- vrrp_sync_group G {
-     group {
-         VI_1
-     }
- }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0245: keepalived(`
  vrrp_sync_group G {
      group {
          VI_1
          VI_2
      }
+     track_interface {
+         eth2 weight -20
+     }
+     sync_group_tracking_weight
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
-     track_interface {
-         eth2 weight -20
-     }
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
  vrrp_instance VI_2 {
      interface eth1
      virtual_router_id 51
      virtual_ipaddress {
          198.51.100.100/24
      }
  }
`),
  HK0246: inInstance(`
      state MASTER
-     priority 255
+     priority 150
      track_interface {
          eth1 weight -20
      }
`),
  HK0247: inInstance(`
-     track_interface {
-         eth0
-     }
`),
  HK0248: keepalived(`
  vrrp_sync_group G {
      group {
          VI_1
          VI_2
      }
      track_interface {
          eth2
      }
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
-     track_interface {
-         eth2
-     }
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
  vrrp_instance VI_2 {
      interface eth1
      virtual_router_id 51
      virtual_ipaddress {
          198.51.100.100/24
      }
  }
`),
  HK0249: inInstance(`
      priority 254
      track_interface {
-         eth1 weight 20
+         eth1 weight -20
      }
`),
  HK0250: keepalived(`
  global_defs {
      enable_script_security
      script_user root
  }
  vrrp_script check_nginx {
      script "/usr/bin/pgrep nginx"
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
+     track_script {
+         check_nginx
+     }
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0251: keepalived(`
  vrrp_sync_group G {
      group {
          VI_1
          VI_2
      }
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
-     priority 255
+     priority 150
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
  vrrp_instance VI_2 {
      interface eth1
      virtual_router_id 51
      priority 150
      virtual_ipaddress {
          198.51.100.100/24
      }
  }
`),
  HK0252: inInstance(`
      state BACKUP
      nopreempt
      track_interface {
-         eth1 weight -20
+         eth1
      }
`),
  HK0260: toml(`
  [[garp_group]]
+ garp_interval = 0.1
  interfaces = ["eth0"]

  [vrrp_instance.VI_1]
  interface = "eth0"
  virtual_router_id = 51
  virtual_ipaddress = ["192.0.2.100/24"]
`),
  HK0261: toml(`
  [[garp_group]]
  garp_interval = 0.1
  interfaces = ["eth0"]

  [[garp_group]]
  garp_interval = 0.5
- interfaces = ["eth0", "eth1"]
+ interfaces = ["eth1"]

  [vrrp_instance.VI_1]
  interface = "eth0"
  virtual_router_id = 51
  virtual_ipaddress = ["192.0.2.100/24"]
`),
  HK0262: keepalived(`
  interface_up_down_delays {
-     eth0 10
+     eth0 1
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0270: keepalived(`
  bfd_instance first {
      source_ip 192.0.2.11
      neighbor_ip 192.0.2.12
  }
  bfd_instance second {
      source_ip 192.0.2.11
-     neighbor_ip 192.0.2.12
+     neighbor_ip 192.0.2.13
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0271: keepalived(`
  bfd_instance router {
-     source_ip 2001:db8::11
+     source_ip 192.0.2.11
      neighbor_ip 192.0.2.12
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0272: keepalived(`
  bfd_instance router {
-     neighbor_ip fe80::12
+     neighbor_ip 2001:db8::12
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0273: keepalived(`
  bfd_instance router {
      neighbor_ip 192.0.2.12
      checker
+     vrrp
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      track_bfd {
          router
      }
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0280: inInstance(`
      strict_mode on
-     authentication {
-         auth_type PASS
-         auth_pass s3cret
-     }
`),
  HK0281: inInstance(`
      strict_mode on
-     state MASTER
+     state BACKUP
      priority 150
`),
  HK0282: inInstance(`
-     strict_mode on
+     strict_mode off
      unicast_peer {
          192.0.2.12
      }
`),
  HK0283: inInstance(`
      strict_mode on
-     accept
`),
  HK0290: inInstance(`
      version 3
      auth_hmac {
          key 1 hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
-         active_key 2
+         active_key 1
      }
`),
  HK0291: inInstance(`
      version 3
      auth_hmac {
-         key 1 s3cret
+         key 1 hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
          active_key 1
      }
`),
  HK0292: inInstance(`
      version 3
      auth_hmac {
-         key 1 file:/etc/keepalived/open.key
+         key 1 file:/etc/keepalived/vrrp.key
          active_key 1
      }
`),
  HK0293: inInstance(`
      state BACKUP
+     nopreempt
      timer_expired_backup
`),
  HK0301: keepalived(`
  vrrp_instance VI_1 {
-     interface eht0
+     interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0302: keepalived(`
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
-         192.0.20.100
+         192.0.2.100
      }
  }
`),
  HK0303: keepalived(`
  global_defs {
      enable_script_security
-     script_user nobdy
+     script_user nobody
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
      notify /usr/local/bin/notify
  }
`),
  HK0304: keepalived(`
  global_defs {
      enable_script_security
+     script_user root
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress {
          192.0.2.100/24
      }
      notify /usr/local/bin/notify
  }
`),
  HK0305: keepalived(`
  vrrp_instance VI_1 {
      interface tun0
      virtual_router_id 51
+     unicast_peer {
+         203.0.113.12
+     }
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
  HK0310: keepalived(`
  track_file drain {
-     file /run/lb/drain
+     file /run/drain
  }
  vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      track_file {
          drain
      }
      virtual_ipaddress {
          192.0.2.100/24
      }
  }
`),
} as const;
