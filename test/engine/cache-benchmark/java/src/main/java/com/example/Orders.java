package com.example;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class Orders {
  @GetMapping("/")
  String answer() {
    return "orders";
  }

  public static void main(String[] arguments) {
    SpringApplication.run(Orders.class, arguments);
  }
}
